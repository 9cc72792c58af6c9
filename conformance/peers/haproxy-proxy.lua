-- Drops what one end of a connection says to the other: HAProxy itself passes these fields on.
-- Source: RFC 9110, section 7.6.1.

local ALWAYS = {
  "connection", "keep-alive", "te", "trailer", "upgrade",
  "proxy-connection", "proxy-authenticate", "proxy-authorization", "proxy-authentication-info",
}

local function hop_by_hop(headers)
  local names = table.pack(table.unpack(ALWAYS))
  for _, value in pairs(headers["connection"] or {}) do
    for name in value:gmatch("[^%s,]+") do table.insert(names, name:lower()) end
  end
  return names
end

core.register_action("drop-hop-by-hop", { "http-req" }, function(txn)
  for _, name in ipairs(hop_by_hop(txn.http:req_get_headers())) do txn.http:req_del_header(name) end
end)

core.register_action("drop-hop-by-hop", { "http-res" }, function(txn)
  for _, name in ipairs(hop_by_hop(txn.http:res_get_headers())) do txn.http:res_del_header(name) end
end)
