// RequestParser: takes apart what the guards let pass. Beast's parser behind our own types; request_parser.cpp is the
// one file of the project that includes Beast.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "libs/net/request.hpp"

namespace orderflow::net {

// For one request after the other; keeps its memory between them.
class RequestParser {
  public:
    RequestParser();
    ~RequestParser();
    RequestParser(const RequestParser&) = delete;
    RequestParser& operator=(const RequestParser&) = delete;

    // A new request. `head` is whole, with its empty line; the views below point into it. False when Beast refuses it.
    bool put_head(std::string_view head);

    // Body bytes as sent. How many were used (they may be fewer: give the rest again with more behind it), or nullopt
    // when they are refused.
    std::optional<std::size_t> put_body(std::string_view bytes);

    // The request is whole.
    bool done() const noexcept;

    std::string_view target() const noexcept;
    std::span<const Field> fields() const noexcept;
    bool chunked() const noexcept;
    std::optional<std::uint64_t> content_length() const noexcept;
    // Decoded, as far as it has arrived.
    std::string_view body() const noexcept;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace orderflow::net
