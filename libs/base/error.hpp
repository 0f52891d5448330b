// Errors that can happen in a correct program.
//
// `kind` is a closed set: callers decide by it (HTTP status, worker decision, SQS error type), each mapping in one
// exhaustive switch. `code` is stable text for clients, logs and metrics ("order.exists"). `detail` is for a person
// and never holds personal data or secrets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace orderflow {

enum class ErrorKind : std::uint8_t {
    invalid_input,  // the caller's data breaks a rule; repeating it unchanged cannot help
    not_found,
    conflict,      // a version, fingerprint or state did not match
    unauthorized,  // who is calling is unknown or may not do this
    throttled,     // a limit was reached; later may work
    unavailable,   // a dependency is down, or the outcome is unknown; repeating with the same key is safe
    internal,      // a bug or damaged data
};

class [[nodiscard]] Error {
  public:
    Error(ErrorKind kind, std::string code, std::string detail = {})
        : kind_(kind), code_(std::move(code)), detail_(std::move(detail)) {}

    ErrorKind kind() const noexcept { return kind_; }
    const std::string& code() const noexcept { return code_; }
    const std::string& detail() const noexcept { return detail_; }

    friend bool operator==(const Error&, const Error&) = default;

  private:
    ErrorKind kind_;
    std::string code_;
    std::string detail_;
};

std::string_view to_string(ErrorKind kind) noexcept;

}  // namespace orderflow
