// read_json_body(): the JSON of a request that has to have one.
#pragma once

#include <cstddef>
#include <expected>

#include "libs/json/document.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"

namespace orderflow::api {

// The document, or the answer to a body that is none: 415, 413 or 400.
std::expected<json::Document, net::Response> read_json_body(const net::Request& request, std::size_t bytes_max);

}  // namespace orderflow::api
