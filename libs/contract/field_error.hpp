// FieldError: one broken rule at one place of a request body. The codes are the closed set of the API contract.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orderflow::contract {

enum class Rule : std::uint8_t {
    required,              // missing, or an empty text or list where one must be
    unknown_field,         // no such member: a typo
    wrong_type,            // another JSON type, also null
    too_short,             // text
    too_long,              // text
    out_of_range,          // number outside its bounds, or a bounded object with too many entries
    invalid_format,        // text that does not have the form of an e-mail address, country, SKU, ...
    not_an_integer,        // number with a fraction or an exponent
    amount_not_allowed,    // prices are the shop's
    unsupported_currency,  // no currency of ISO 4217
    duplicate_key,         // the same member twice in one object
    too_many_items,        // more than limits::lines_max lines
};
inline constexpr int rule_count = static_cast<int>(Rule::too_many_items) + 1;

// "required", "unknown-field", ...
std::string_view to_string(Rule rule) noexcept;

struct FieldError {
    FieldError(std::string p, Rule r, std::string d) : pointer(std::move(p)), rule(r), detail(std::move(d)) {}
    // Of a line of CSV; an empty column means the line as a whole.
    FieldError(std::int64_t l, std::string c, Rule r, std::string d)
        : rule(r), detail(std::move(d)), line(l), column(std::move(c)) {}
    std::string pointer;  // JSON Pointer into the body; where a missing member would be; empty for CSV
    Rule rule;
    std::string detail;     // one English sentence for a developer; never repeats what was sent
    std::int64_t line = 0;  // of CSV, from 1
    std::string column{};
    friend bool operator==(const FieldError&, const FieldError&) = default;
};

// Errors in the order they are found. Past `reported_max` they are only counted: an answer must not be many times the
// size of its request.
class FieldErrors {
  public:
    static constexpr std::size_t reported_max = 1000;

    void add(std::string pointer, Rule rule, std::string detail);
    void add(FieldError error);

    bool empty() const noexcept { return count_ == 0; }
    std::size_t count() const noexcept { return count_; }
    const std::vector<FieldError>& reported() const noexcept { return reported_; }

  private:
    std::vector<FieldError> reported_;
    std::size_t count_ = 0;
};

}  // namespace orderflow::contract
