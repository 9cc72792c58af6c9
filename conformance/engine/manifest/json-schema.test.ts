import { readFile } from "node:fs/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { manifestJsonSchema, manifestJsonSchemaText, SCHEMA_ID } from "./json-schema.ts";
import { ROLES, SYSTEMS } from "./schema.ts";

test("the published schema is the generated one", async () => {
  const published = await readFile(
    new URL("../implementation.schema.json", import.meta.url),
    "utf8",
  );
  assert.ok(
    published === manifestJsonSchemaText(),
    "stale: run node conformance/engine/manifest/write-json-schema.ts",
  );
});

interface SystemSchema {
  properties: { system: { const: string }; roles: { properties: object } };
  additionalProperties: boolean;
}

test("it has an id, and for each system exactly its roles", () => {
  const schema = manifestJsonSchema();
  assert.is(schema.$id, SCHEMA_ID);
  const systems = schema.oneOf as SystemSchema[];
  assert.equal(systems.map(({ properties }) => properties.system.const), SYSTEMS);
  systems.forEach(({ properties, additionalProperties }, index) => {
    assert.is(additionalProperties, false);
    assert.equal(Object.keys(properties.roles.properties), [...ROLES[SYSTEMS[index]!]]);
  });
});

test("a role requires a command and describes its keys", () => {
  const { role } = manifestJsonSchema().$defs as Record<string, {
    required: string[];
    properties: Record<string, { description?: string; minItems?: number }>;
  }>;
  assert.equal(role!.required, ["run"]);
  assert.is(role!.properties["run"]?.minItems, 1);
  assert.match(role!.properties["port"]?.description ?? "", "How the port is found");
});

test.run();
