// HttpHeader: one header of a request that is to be sent, or of a reply.
#pragma once

#include <string>
#include <vector>

namespace orderflow::aws {

struct HttpHeader {
    std::string name;
    std::string value;
    friend bool operator==(const HttpHeader&, const HttpHeader&) = default;
};
using HttpHeaders = std::vector<HttpHeader>;

}  // namespace orderflow::aws
