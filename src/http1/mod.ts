/** HTTP/1.1 on the wire: parse, write, serve, ask. */
export * from "./message.ts";
export { Parser } from "./parser.ts";
export type { ParserHandler, ParserOptions } from "./parser.ts";
export * from "./write.ts";
export * from "./url.ts";
export { serveHttp } from "./server.ts";
export type { HttpServer, ServerOptions } from "./server.ts";
export type { Exchange, ServerParts } from "./exchange.ts";
export { request } from "./client.ts";
export type { RequestOptions, ResponseHandler } from "./client.ts";
