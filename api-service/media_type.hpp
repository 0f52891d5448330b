// What a request body is, by its Content-Type and Content-Encoding.
#pragma once

#include <cstdint>

#include "libs/net/request.hpp"

namespace orderflow::api {

enum class BodyKind : std::uint8_t {
    json,    // application/json
    form,    // application/x-www-form-urlencoded
    ndjson,  // application/x-ndjson
    csv,     // text/csv
    other,   // anything else, another charset than UTF-8, or a content coding
};

BodyKind body_kind_of(const net::Request& request);

}  // namespace orderflow::api
