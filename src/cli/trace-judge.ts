/** `steelyard trace judge FILE`: judgements as text or JSON, and as reports and pictures in files. */
import { basename, extname } from "node:path";
import process from "node:process";
import {
  isBroken,
  type Judged,
  judgementHtml,
  judgementMarkdown,
  transactionSvg,
} from "../../conformance/mdalp/capture/judgement-report.ts";
import { judgeTransaction } from "../../conformance/mdalp/capture/trace-judge.ts";
import { judgementText, timeSequence } from "../../conformance/mdalp/capture/trace-text.ts";
import { findTransactions } from "../../conformance/mdalp/capture/transactions.ts";
import { ReportWriteError, toFile, toStandardOutput } from "../../conformance/report/mod.ts";
import { printError } from "./role-command.ts";
import type { RoleCommand } from "./role-command.ts";
import { onePath, readBytes, readTraceInput } from "./trace-input.ts";
import { EXIT, text, UsageError } from "./usage.ts";

export const judgeCommand: RoleCommand = {
  usage: "FILE",
  summary:
    "judges the MDALP transactions of a capture (pcap, pcapng, .trace) by the client's rules",
  options: [
    ["--payload <file>", "what was to be sent, to compare with what was acknowledged"],
    ["--report <format=file>", "html or markdown, with pictures; - for stdout (repeatable)"],
    ["--svg <file>", "the time-sequence picture; with several transactions one file for each TID"],
    ["--json", "as JSON"],
  ],
  example:
    "steelyard trace judge transfer.pcapng --payload payload.txt --report html=transfer.html",
  run: judge,
};

/** 0 where no MUST rule is broken, 1 where one is, 3 where nothing could be judged or written. */
async function judge(args: readonly string[], options: Record<string, unknown>): Promise<number> {
  const reports = reportsOf(options.report);
  const svg = text(options, "svg");
  const payloadPath = text(options, "payload");
  const payload = payloadPath === undefined ? undefined : readBytes(payloadPath);
  const path = onePath(args);
  const traffic = readTraceInput(path);
  const { transactions } = findTransactions(traffic);
  const judgements = transactions.map((one) => judgeTransaction(one, payload));
  if (options.json === true) {
    console.log(JSON.stringify(judgements, null, 2));
  } else {
    for (const [i, judgement] of judgements.entries()) {
      console.log(judgementText(judgement));
      console.log(`\n${timeSequence(transactions[i]!, process.stdout.columns ?? 100)}\n`);
    }
  }
  if (judgements.length === 0) {
    printError("the capture holds no MDALP transaction: no plan, data or ack on UDP");
    return EXIT.incomplete;
  }
  const draw = () =>
    judgements.map((judgement, i): Judged => ({
      judgement,
      svg: transactionSvg(traffic, transactions[i]!),
    }));
  const all = reports.length > 0 || svg !== undefined ? draw() : [];
  const written = await writeAll([
    ...reports.flatMap((report) => filesOf(report, basename(path), all)),
    ...(svg === undefined ? [] : pictures(svg, all)),
  ]);
  if (judgements.some(isBroken)) return EXIT.fails;
  return written ? EXIT.conforms : EXIT.incomplete;
}

interface Report {
  readonly format: "html" | "markdown";
  readonly file: string;
}

interface OutputFile {
  readonly format: string;
  readonly file: string;
  readonly text: string;
}

function reportsOf(value: unknown): Report[] {
  const texts = value === undefined ? [] : (Array.isArray(value) ? value : [value]).map(String);
  return texts.map((one) => {
    const match = /^(html|markdown)=(.+)$/s.exec(one);
    if (match) return { format: match[1] as Report["format"], file: match[2] as string };
    throw new UsageError(
      `--report ${JSON.stringify(one)} is neither html=FILE nor markdown=FILE`,
    );
  });
}

/** Markdown names its pictures, which lie beside it: what shows it there drops SVG within. */
function filesOf({ format, file }: Report, source: string, all: readonly Judged[]): OutputFile[] {
  if (format === "html") return [{ format, file, text: judgementHtml(source, all) }];
  if (file === "-") return [{ format, file, text: judgementMarkdown(source, all, []) }];
  const svgs = pictures(`${withoutEnding(file)}.svg`, all);
  const names = svgs.map((one) => basename(one.file));
  return [{ format, file, text: judgementMarkdown(source, all, names) }, ...svgs];
}

/** Two clients may have transactions of one TID: the second gets `-2`. */
function pictures(file: string, all: readonly Judged[]): OutputFile[] {
  const seen = new Map<number, number>();
  return all.map(({ judgement: { tid }, svg }) => {
    const nth = (seen.get(tid) ?? 0) + 1;
    seen.set(tid, nth);
    const name = nth === 1 ? tid : `${tid}-${nth}`;
    return {
      format: "svg",
      file: all.length === 1 || file === "-"
        ? file
        : `${withoutEnding(file)}-${name}${extname(file)}`,
      text: svg,
    };
  });
}

function withoutEnding(file: string): string {
  const ending = extname(file);
  return ending === "" ? file : file.slice(0, -ending.length);
}

/** Whether every file was written; what was not is said. */
async function writeAll(files: readonly OutputFile[]): Promise<boolean> {
  let all = true;
  for (const { format, file, text } of files) {
    try {
      await (file === "-" ? toStandardOutput(text) : toFile(file, text));
    } catch (error) {
      printError(new ReportWriteError(file, format, error).message);
      all = false;
    }
  }
  return all;
}
