-- Wireshark dissector for MDALP, the Multi-Destination Application Layer Protocol, on UDP port 4650.
-- How to install it: docs/captures.md. It opens no file, and runs nothing that a packet holds.

local mdalp = Proto("mdalp", "Multi-Destination Application Layer Protocol")

local PORT = 4650
local PAYLOAD_BYTES = 100
local TYPES = { [0] = "Intent", [1] = "Plan", [2] = "Data", [3] = "Ack" }

local f = mdalp.fields
f.type = ProtoField.uint8("mdalp.type", "Type", base.DEC, TYPES)
f.tid = ProtoField.uint32("mdalp.tid", "TID", base.DEC, nil, nil, "Transaction")
f.seq = ProtoField.uint32("mdalp.seq", "SEQ", base.DEC, nil, nil, "Sequence number of the packet")
f.data = ProtoField.bytes("mdalp.data", "Data")
f.data_length = ProtoField.uint32("mdalp.data.length", "Data length", base.DEC)
f.receivers = ProtoField.uint32("mdalp.receivers", "Receivers", base.DEC)
f.receiver = ProtoField.string("mdalp.receiver", "Receiver")
f.receiver_address = ProtoField.ipv4("mdalp.receiver.address", "Address")
f.receiver_name = ProtoField.string("mdalp.receiver.name", "Name", base.UNICODE)
f.retransmission = ProtoField.bool("mdalp.retransmission", "Sent again")
f.first_frame = ProtoField.framenum("mdalp.first_frame", "First sent in", base.NONE)
f.acked_in = ProtoField.framenum("mdalp.acked_in", "Acknowledged in", base.NONE, frametype.ACK)
f.ack_of = ProtoField.framenum("mdalp.ack_of", "Acknowledges the packet in", base.NONE,
  frametype.REQUEST)
f.ack_time = ProtoField.relative_time("mdalp.ack_time", "Time since the packet")

local e = mdalp.experts
e.unparseable = ProtoExpert.new("mdalp.unparseable", "No message of MDALP",
  expert.group.MALFORMED, expert.severity.WARN)
e.too_long = ProtoExpert.new("mdalp.data.too_long", "More than 100 payload bytes",
  expert.group.PROTOCOL, expert.severity.WARN)
e.no_data = ProtoExpert.new("mdalp.data.none", "A data packet without payload",
  expert.group.PROTOCOL, expert.severity.WARN)
e.again = ProtoExpert.new("mdalp.sent_again", "This packet was sent before",
  expert.group.SEQUENCE, expert.severity.NOTE)
e.altered = ProtoExpert.new("mdalp.sent_again.altered", "Sent again with other bytes",
  expert.group.SEQUENCE, expert.severity.WARN)
e.stray_ack = ProtoExpert.new("mdalp.ack.stray", "An ack of what the capture does not show",
  expert.group.SEQUENCE, expert.severity.NOTE)
e.duplicate_ack = ProtoExpert.new("mdalp.ack.duplicate", "This packet was acknowledged before",
  expert.group.SEQUENCE, expert.severity.NOTE)

-- Packets by client, receiver, TID and SEQ; what each frame is. Filled when a file is first read, in
-- the order of its frames; later visits of a frame only look it up.
local packets = {}
local frames = {}

function mdalp.init()
  packets = {}
  frames = {}
end

local function key_of(client, receiver, tid, seq)
  return string.format("%s %s %s %s", tostring(client), tostring(receiver), tid, seq)
end

local function remember_data(pinfo, tid, seq, payload)
  local key = key_of(pinfo.src, pinfo.dst, tid, seq)
  local known = packets[key]
  if known then
    frames[pinfo.number] = { packet = known, again = true, altered = known.payload ~= payload }
  else
    known = { payload = payload, first_frame = pinfo.number }
    packets[key] = known
    frames[pinfo.number] = { packet = known }
  end
  known.last_frame = pinfo.number
  known.last_time = pinfo.abs_ts
end

local function remember_ack(pinfo, tid, seq)
  local known = packets[key_of(pinfo.dst, pinfo.src, tid, seq)]
  if not known then
    frames[pinfo.number] = { stray = true }
    return
  end
  frames[pinfo.number] = {
    packet = known,
    of = known.last_frame,
    since = pinfo.abs_ts - known.last_time,
    duplicate = known.acked_in ~= nil,
  }
  known.acked_in = known.acked_in or pinfo.number
end

-- A span of seconds as Wireshark holds it.
local function span(seconds)
  local whole = math.floor(seconds)
  return NSTime.new(whole, math.floor((seconds - whole) * 1e9 + 0.5))
end

-- The text of a quoted Python literal that begins here, and the place behind it; nil where none does.
local function quoted(text, at)
  local quote = text:sub(at, at)
  if quote ~= "'" and quote ~= '"' then return nil end
  local from = at + 1
  at = from
  while at <= #text do
    local char = text:sub(at, at)
    if char == "\\" then
      at = at + 2
    elseif char == quote then
      return text:sub(from, at - 1), at + 1
    else
      at = at + 1
    end
  end
  return nil
end

-- Reads `{'key': 'value', ...}` at this place: its pairs and the place behind it, or nil. Nothing in a
-- plan is ever run: it comes from the network.
local function dictionary(text, at)
  local pairs_found = {}
  at = text:match("^{%s*()", at)
  if not at then return nil end
  while text:sub(at, at) ~= "}" do
    local key, value, after
    key, after = quoted(text, at)
    after = after and text:match("^%s*:%s*()", after)
    if not after then return nil end
    value, after = quoted(text, after)
    if not value then return nil end
    pairs_found[key] = value
    at = text:match("^%s*,%s*()", after) or text:match("^%s*()}", after)
    if not at then return nil end
  end
  return pairs_found, at + 1
end

-- The receivers of a plan with where their text stands (from 1, the end behind it), or nil.
local function receivers_of(text, at)
  local list = {}
  at = text:match("^%[%s*()", at)
  if not at then return nil end
  while text:sub(at, at) ~= "]" do
    local entry, after = dictionary(text, at)
    if not entry then return nil end
    list[#list + 1] = { entry = entry, from = at, behind = after }
    at = text:match("^%s*,%s*()", after) or text:match("^%s*()%]", after)
    if not at then return nil end
  end
  return text:sub(at) == "];" and list or nil
end

local function is_ipv4(text)
  local a, b, c, d = text:match("^(%d%d?%d?)%.(%d%d?%d?)%.(%d%d?%d?)%.(%d%d?%d?)$")
  return a and tonumber(a) < 256 and tonumber(b) < 256 and tonumber(c) < 256 and tonumber(d) < 256
end

-- Numbers that a field can hold.
local function number(text)
  local value = tonumber(text)
  return value and value <= 4294967295 and value or nil
end

-- Each of these adds what it finds to the tree and returns the info column's text, or nil for a
-- datagram that is not of its type. Texts are Latin-1: a character is a byte.
local function intent(text, buffer, tree)
  if text ~= "Type:0;" then return nil end
  tree:add(f.type, buffer(5, 1), 0)
  return "Intent"
end

local function plan(text, buffer, tree)
  local tid_at, tid, list_at = text:match("^Type:1;TID:()(%d+);DATA:()")
  local list = tid and number(tid) and receivers_of(text, list_at)
  if not list then return nil end
  tree:add(f.type, buffer(5, 1), 1)
  tree:add(f.tid, buffer(tid_at - 1, #tid), number(tid))
  local branch = tree:add(f.receivers, buffer(list_at - 1, #text - list_at), #list)
  for _, one in ipairs(list) do
    local range = buffer(one.from - 1, one.behind - one.from)
    local address = one.entry["ip_address"]
    local name = one.entry["name"]
    local item = branch:add(f.receiver, range, string.format("%s %s", address or "no address", name or ""))
    if address and is_ipv4(address) then
      item:add(f.receiver_address, range, Address.ip(address))
    end
    if name then item:add(f.receiver_name, range, name) end
  end
  return string.format("Plan TID=%s %d receivers", tid, #list)
end

local function data(text, buffer, tree, pinfo)
  local tid_at, tid, seq_at, seq, data_at = text:match("^Type:2;TID:()(%d+);SEQ:()(%d+);DATA:()")
  if not tid or not number(tid) or not number(seq) then return nil end
  local length = #text - data_at + 1
  tree:add(f.type, buffer(5, 1), 2)
  tree:add(f.tid, buffer(tid_at - 1, #tid), number(tid))
  tree:add(f.seq, buffer(seq_at - 1, #seq), number(seq))
  if length > 0 then tree:add(f.data, buffer(data_at - 1, length)) end
  local length_item = tree:add(f.data_length, length)
  length_item:set_generated()
  if length > PAYLOAD_BYTES then length_item:add_proto_expert_info(e.too_long) end
  if length == 0 then length_item:add_proto_expert_info(e.no_data) end
  if not pinfo.visited then remember_data(pinfo, tid, seq, text:sub(data_at)) end
  local info = string.format("Data TID=%s SEQ=%s %d bytes", tid, seq, length)
  local known = frames[pinfo.number]
  if not known or not known.packet then return info end
  if known.packet.acked_in then
    tree:add(f.acked_in, known.packet.acked_in):set_generated()
  end
  if not known.again then return info end
  local item = tree:add(f.retransmission, true)
  item:set_generated()
  item:add_proto_expert_info(known.altered and e.altered or e.again)
  tree:add(f.first_frame, known.packet.first_frame):set_generated()
  return info .. (known.altered and " [sent again with other bytes]" or " [sent again]")
end

local function ack(text, buffer, tree, pinfo)
  local tid_at, tid, seq_at, seq = text:match("^Type:3;TID:()(%d+);SEQ:()(%d+);$")
  if not tid or not number(tid) or not number(seq) then return nil end
  tree:add(f.type, buffer(5, 1), 3)
  tree:add(f.tid, buffer(tid_at - 1, #tid), number(tid))
  local item = tree:add(f.seq, buffer(seq_at - 1, #seq), number(seq))
  if not pinfo.visited then remember_ack(pinfo, tid, seq) end
  local info = string.format("Ack TID=%s SEQ=%s", tid, seq)
  local known = frames[pinfo.number]
  if not known then return info end
  if known.stray then
    item:add_proto_expert_info(e.stray_ack)
    return info .. " [of nothing that was seen]"
  end
  if known.of then
    tree:add(f.ack_of, known.of):set_generated()
    tree:add(f.ack_time, span(known.since)):set_generated()
  end
  if known.duplicate then
    item:add_proto_expert_info(e.duplicate_ack)
    return info .. " [again]"
  end
  return info
end

local READERS = { intent, plan, data, ack }

function mdalp.dissector(buffer, pinfo, tree)
  local length = buffer:len()
  pinfo.cols.protocol = "MDALP"
  local branch = tree:add(mdalp, buffer())
  -- Raw bytes, so that a payload of any kind keeps its places.
  local text = length > 0 and buffer:raw() or ""
  local cut = buffer:reported_len() > length and " [cut by the capture]" or ""
  for _, reader in ipairs(READERS) do
    local info = reader(text, buffer, branch, pinfo)
    if info then
      info = info .. cut
      pinfo.cols.info = info
      branch:append_text(", " .. info)
      return length
    end
  end
  local shown = text:sub(1, 40):gsub("[^\32-\126]", ".")
  pinfo.cols.info = string.format("no message: %s, %d bytes%s", shown, length, cut)
  branch:add_proto_expert_info(e.unparseable)
  return length
end

DissectorTable.get("udp.port"):add(PORT, mdalp)
