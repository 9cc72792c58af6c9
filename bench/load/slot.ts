/**
 * One transfer at a time: a request on a connection that stays, or on a new one, and where the plan
 * follows a redirect, a second request where that leads.
 */
import { performance } from "node:perf_hooks";
import { parseHttpUrl, resolveLocation } from "../../src/http1/mod.ts";
import type { HttpUrl } from "../../src/http1/mod.ts";
import { askFor } from "./asks.ts";
import { Link } from "./link.ts";
import type { Ask, LinkOwner } from "./link.ts";
import { lost } from "./outcome.ts";
import type { Outcome, Right } from "./outcome.ts";
import type { LoadPlan } from "./plan.ts";
import type { Phases, Tally } from "./tally.ts";
import type { Wanted } from "./wanted.ts";

/** What all slots of a load share. */
export interface Course {
  readonly plan: LoadPlan;
  readonly tally: Tally;
  /** Of the plan's URL. */
  readonly wanted: Wanted;
  /** Of where a redirect leads; undefined where none is followed. */
  readonly wantedThere: Wanted | undefined;
  /** A transfer is over, at this time; `broken` where its connection failed. */
  free(slot: Slot, nowMs: number, broken: boolean): void;
  /** Something came from a server. */
  heard(): void;
}

/** A request of a transfer, with the connection that it had last. */
interface Leg {
  readonly ask: Ask;
  link: Link | undefined;
}

/** Locations of a plan are few; a server that makes up new ones is not to fill the memory. */
const MOST_LEGS = 64;

export class Slot implements LinkOwner {
  readonly #course: Course;
  readonly #url: HttpUrl;
  readonly #first: Leg;
  readonly #there = new Map<string, Leg>();
  /** The request of the moment; undefined between transfers. */
  #leg: Leg | undefined;
  #startMs = 0;
  #redirectedMs = 0;
  #connectedMs = 0;
  #ready: (() => void) | undefined;

  constructor(course: Course) {
    const { plan, wanted } = course;
    this.#course = course;
    this.#url = parseHttpUrl(plan.url);
    const ask = askFor(this.#url, plan.keepAlive, wanted, plan.authority);
    this.#first = { ask, link: undefined };
  }

  /** Opens its connection ahead of the first transfer; a failure shows in that one. */
  prepare(): Promise<void> {
    return new Promise((resolve) => {
      this.#ready = resolve;
      this.#open(this.#first, this.#course.plan.timeoutMs);
    });
  }

  /** Begins a transfer whose latency counts from `startMs`. */
  begin(startMs: number): void {
    this.#startMs = startMs;
    this.#go(this.#first);
  }

  /** Gives up a transfer that was due before. */
  expire(nowMs: number): void {
    const leg = this.#leg;
    if (leg && nowMs - this.#startMs > this.#course.plan.timeoutMs) {
      leg.link?.destroy();
      this.#end(leg, lost("timeout"), nowMs);
    }
  }

  /** Closes its connections; a transfer that is under way counts for nothing. */
  stop(): void {
    this.#leg = undefined;
    this.#first.link?.destroy();
    for (const { link } of this.#there.values()) link?.destroy();
    this.#ready?.();
  }

  heard(): void {
    this.#course.heard();
  }

  opened(link: Link): void {
    const leg = this.#leg;
    if (leg?.link === link) {
      if (leg !== this.#first) this.#connectedMs = performance.now();
      return link.send();
    }
    link.rested = true;
    this.#ready?.();
  }

  answered(link: Link, outcome: Outcome): void {
    const leg = this.#leg;
    if (leg?.link !== link) return this.#ready?.();
    const nowMs = performance.now();
    const { plan } = this.#course;
    // Closed while it rested, so that the request has not been seen.
    const stale = outcome.kind === "failed" && outcome.silent && link.rested;
    if (plan.keepAlive && outcome.reusable) link.rested = true;
    else link.destroy();
    // On a new connection, which has not rested: once.
    if (stale) return this.#go(leg);
    if (outcome.kind === "right" && plan.follow && leg === this.#first) {
      return this.#follow(leg, outcome, nowMs);
    }
    this.#end(leg, outcome, nowMs);
  }

  #go(leg: Leg): void {
    this.#leg = leg;
    const nowMs = performance.now();
    if (leg.link?.isOpen) {
      if (leg !== this.#first) this.#connectedMs = nowMs;
      return leg.link.send();
    }
    this.#open(leg, Math.max(1, this.#startMs + this.#course.plan.timeoutMs - nowMs));
  }

  #open(leg: Leg, timeoutMs: number): void {
    leg.link?.destroy();
    leg.link = new Link(leg.ask, this);
    leg.link.open(timeoutMs);
  }

  #follow(leg: Leg, { location = "" }: Right, nowMs: number): void {
    this.#redirectedMs = nowMs;
    try {
      this.#go(this.#legThere(location));
    } catch {
      this.#end(leg, lost("wrong location"), nowMs);
    }
  }

  /** Throws on what is no http URL. */
  #legThere(location: string): Leg {
    const found = this.#there.get(location);
    if (found) return found;
    const { plan, wantedThere } = this.#course;
    const url = resolveLocation(this.#url, location);
    const leg = { ask: askFor(url, plan.keepAlive, wantedThere as Wanted), link: undefined };
    if (this.#there.size >= MOST_LEGS) this.#forget();
    this.#there.set(location, leg);
    return leg;
  }

  #forget(): void {
    for (const { link } of this.#there.values()) link?.destroy();
    this.#there.clear();
  }

  #end(leg: Leg, outcome: Outcome, nowMs: number): void {
    const { tally, plan } = this.#course;
    this.#leg = undefined;
    if (outcome.kind === "right") {
      tally.right(outcome, this.#startMs, nowMs, plan.follow ? this.#phases(nowMs) : undefined);
    } else if (outcome.kind === "failed") tally.failed(outcome.why, this.#startMs, nowMs);
    else {
      tally.wrong({ url: leg.ask.url, ...outcome.mismatch }, this.#startMs, nowMs);
    }
    this.#course.free(this, nowMs, outcome.kind === "failed" && !outcome.reusable);
  }

  #phases(nowMs: number): Phases {
    return {
      redirect: this.#redirectedMs - this.#startMs,
      connect: this.#connectedMs - this.#redirectedMs,
      body: nowMs - this.#connectedMs,
    };
  }
}
