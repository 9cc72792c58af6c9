-- What HAProxy itself passes on: drops what one end of a connection says to the other (RFC 9110, section
-- 7.6.1), and tells in a variable whether a NUL stands in a field (section 5.5).

local ALWAYS = {
  "connection", "keep-alive", "te", "trailer", "upgrade",
  "proxy-connection", "proxy-authenticate", "proxy-authorization", "proxy-authentication-info",
}

-- What a request is about is for the server, whatever Connection says.
local NEVER = { ["host"] = true, ["content-length"] = true, ["transfer-encoding"] = true }

local function hop_by_hop(headers)
  local names = table.pack(table.unpack(ALWAYS))
  for _, value in pairs(headers["connection"] or {}) do
    for name in value:gmatch("[^%s,]+") do
      if not NEVER[name:lower()] then table.insert(names, name:lower()) end
    end
  end
  return names
end

local function holds_nul(headers)
  for _, values in pairs(headers) do
    for _, value in pairs(values) do
      if value:find("%z") then return true end
    end
  end
  return false
end

core.register_action("check-and-drop", { "http-req" }, function(txn)
  local headers = txn.http:req_get_headers()
  txn:set_var("req.holds_nul", holds_nul(headers))
  for _, name in ipairs(hop_by_hop(headers)) do txn.http:req_del_header(name) end
end)

core.register_action("check-and-drop", { "http-res" }, function(txn)
  local headers = txn.http:res_get_headers()
  txn:set_var("res.holds_nul", holds_nul(headers))
  for _, name in ipairs(hop_by_hop(headers)) do txn.http:res_del_header(name) end
end)
