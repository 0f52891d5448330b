// Writer: appends compact JSON to a string. It sets the commas; that names stand inside objects and that everything
// opened is closed is the caller's business.
//
//   Writer out;
//   out.begin_object().key("id").string(id).key("version").integer(4).end_object();
//   return std::move(out).take();
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "libs/json/value.hpp"

namespace orderflow::json {

// Texts must be valid UTF-8. There are no floating-point numbers. Nobody's thread.
class Writer {
  public:
    Writer& begin_object() { return open('{'); }
    Writer& end_object() { return close('}'); }
    Writer& begin_array() { return open('['); }
    Writer& end_array() { return close(']'); }
    Writer& key(std::string_view name);
    Writer& string(std::string_view text);
    Writer& integer(std::int64_t value);
    Writer& boolean(bool value) { return raw(value ? "true" : "false"); }
    Writer& null() { return raw("null"); }
    // One JSON value that is already text.
    Writer& raw(std::string_view json);
    Writer& value(const Value& tree);

    void reserve(std::size_t bytes) { out_.reserve(bytes); }
    const std::string& text() const noexcept { return out_; }
    std::string take() && { return std::move(out_); }

  private:
    Writer& open(char bracket);
    Writer& close(char bracket);
    void separate();
    void append_quoted(std::string_view text);

    std::string out_;
    bool needs_comma_ = false;
};

}  // namespace orderflow::json
