/** The golden traces of the client, as cases. */
import { existsSync } from "node:fs";
import type { Case } from "../engine/case.ts";
import { traceCases } from "../engine/golden/load.ts";
import type { Ended } from "../engine/run/context.ts";
import { assembled, endText } from "./course.ts";
import { playClient } from "./play-client.ts";
import type { ClientPlay } from "./play-client.ts";
import { readable } from "./readable-trace.ts";

/** The TID of the plans that must be refused. */
const REFUSED_TID = 6660;

function judgeEnd(play: ClientPlay, ended: Ended | undefined): void {
  if (play.golden.keys.refused) judgeRefused(play, ended);
  if (play.golden.keys.delivered) judgeDelivered(play, ended);
}

function judgeRefused(play: ClientPlay, ended: Ended | undefined) {
  const { context, golden, values, tids, marker } = play;
  const ran = existsSync(marker);
  if (!ran && !tids.has(REFUSED_TID)) return;
  const plan = golden.steps.find(({ direction }) => direction === "send");
  throw context.failure(
    ran ? "code in the plan was run" : "a plan with code in it was used",
    {
      sent: `as the plan: ${readable(plan?.alternatives[0] ?? [], values)}`,
      expected: "the plan is refused; nothing in it is run",
      actual: [
        ran && "the code ran: it made the file that it was to make",
        tids.has(REFUSED_TID) && "data packets with the TID of that plan came",
        ended && endText(ended),
        `--- the log:\n${context.log}`,
      ].filter(Boolean).join("\n"),
    },
  );
}

function judgeDelivered({ context, payload, arrived }: ClientPlay, ended: Ended | undefined) {
  const came = assembled(arrived);
  // What the packets hold is the matter of other rules.
  if (came && came.length >= payload.length) return;
  const reason = came ? `${came.length} of ${payload.length} bytes` : "a SEQ is missing";
  throw context.failure(`not all of the payload arrived: ${reason}`, {
    sent: `started the client with a file of ${payload.length} bytes`,
    expected: "data packets that make the file",
    actual: `${reason}\n${ended ? endText(ended) : ""}\n--- the log:\n${context.log}`,
  });
}

const INTENT = "mdalp.client.intent";
const ORDERLY = ["mdalp.client.sequence", "mdalp.client.stop-and-wait"];
const RETRANSMITS = "mdalp.client.retransmits";

/** Rules on which an exchange stands that goes on after the first data packet. */
function needsOf(rule: string, id: string): readonly string[] {
  if (rule === INTENT) return [];
  // It is the third packet that shows whether a second receiver was read.
  if (id.endsWith("/address-in-a-name")) return [INTENT, ...ORDERLY];
  if (rule === RETRANSMITS) return [INTENT, ...ORDERLY];
  return /\.(ack-checked|duplicate-ack)\/|\.garbage\/ack-/.test(id)
    ? [INTENT, ...ORDERLY, RETRANSMITS]
    : [INTENT];
}

/** Those whose exchange takes seconds by itself. */
const SLOW = /after-5-s|three-times|after-retransmission/;

export const clientGoldenCases: readonly Case[] = traceCases(
  "mdalp",
  "client",
  (context, golden) => playClient(context, golden, judgeEnd),
).map((one) => ({
  ...one,
  needs: needsOf(one.rule, one.id),
  ...(SLOW.test(one.id) ? { slow: true } : {}),
}));
