/** What a mutant is: an implementation of one role that breaks one rule and keeps the others. */
import type { TransferOptions, TransferParts, TransferResult } from "../../src/mdalp/client.ts";
import type { OrchestratorOptions, RunningOrchestrator } from "../../src/mdalp/orchestrator.ts";
import type { ReceiverOptions, RunningReceiver } from "../../src/mdalp/receiver.ts";
import type {
  BalancerOptions,
  DownloadOptions,
  FileServerOptions,
  Saved,
} from "../../src/redirect/mod.ts";
import type { HttpServer } from "../../src/http1/mod.ts";
import type {
  ProxyParts,
  SelectorParts,
  startProxy,
  STRATEGIES,
  Usage,
} from "../../src/proxy/mod.ts";

interface Known {
  /** `balancer-302`; those of another system than redirect begin with its name. */
  readonly name: string;
  /** The rule's id. */
  readonly breaks: string;
  /** What it does wrong, in a sentence without its subject. */
  readonly what: string;
  /** It does not stay where it was told to listen, so that it has to be looked for. */
  readonly port?: "listening";
  /** Arguments besides those that the reference is started with; they may hold placeholders. */
  readonly args?: readonly string[];
  /** Rules that fail with it because the fault cannot be kept apart from them, and why. */
  readonly related?: Readonly<Record<string, string>>;
}

export interface ServerMutant extends Known {
  readonly system: "redirect";
  readonly role: "server";
  start(options: FileServerOptions): Promise<HttpServer>;
}

export interface BalancerMutant extends Known {
  readonly system: "redirect";
  readonly role: "balancer";
  start(options: BalancerOptions): Promise<HttpServer>;
}

export interface ClientMutant extends Known {
  readonly system: "redirect";
  readonly role: "client";
  /** Undefined where it ends as if all were well and says nothing. */
  run(options: DownloadOptions): Promise<Saved | undefined>;
}

export interface SendingMutant extends Known {
  readonly system: "mdalp";
  readonly role: "client";
  /** Stands for `transfer`. */
  send(options: TransferOptions, parts: TransferParts): Promise<TransferResult>;
}

export type RedirectMutant = ServerMutant | BalancerMutant | ClientMutant;
export interface OrchestratorMutant extends Known {
  readonly system: "mdalp";
  readonly role: "orchestrator";
  /** Stands for `startOrchestrator`. */
  start(options: OrchestratorOptions): Promise<RunningOrchestrator>;
}

export interface ReceiverMutant extends Known {
  readonly system: "mdalp";
  readonly role: "receiver";
  /** Stands for `startReceiver`. */
  start(options: ReceiverOptions): Promise<RunningReceiver>;
}

export type MdalpMutant = SendingMutant | OrchestratorMutant | ReceiverMutant;

/** What the command of the role proxy is made of. */
export interface ProxyRoleParts {
  readonly start: typeof startProxy;
  readonly proxy: ProxyParts;
  readonly strategies: typeof STRATEGIES;
  readonly usageText: (usage: Usage) => string;
}

export interface ForwardingMutant extends Known {
  readonly system: "proxy";
  readonly role: "proxy";
  /** The parts that are not the reference's; made once a process. */
  parts(): Partial<ProxyRoleParts>;
}

export interface SelectingMutant extends Known {
  readonly system: "proxy";
  readonly role: "selector";
  /** The parts that are not the reference's; made once a process. */
  parts(): Partial<SelectorParts>;
}

export type ProxyMutant = ForwardingMutant | SelectingMutant;
export type Mutant = RedirectMutant | MdalpMutant | ProxyMutant;
