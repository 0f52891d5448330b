// The header fields that every answer of a kind carries: frontend/headers.json.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/net/response.hpp"

namespace orderflow::api {

enum class AnswerKind : std::uint8_t { page, asset, api };

class SiteHeaders {
  public:
    // From the text of headers.json. Throws std::invalid_argument when it has not its form: a fault of the build.
    explicit SiteHeaders(std::string_view json);

    // Adds the fields of the kind that the answer does not have already.
    void add_to(net::Response& response, AnswerKind kind) const;

  private:
    using Fields = std::vector<std::pair<std::string, std::string>>;
    Fields page_;
    Fields asset_;
    Fields api_;
};

}  // namespace orderflow::api
