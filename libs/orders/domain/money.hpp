// Money: whole minor units of one ISO 4217 currency, with checked arithmetic. No floating point anywhere.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace orderflow::orders {

// An ISO 4217 currency that this system knows the exponent of.
class Currency {
  public:
    // Exactly three upper-case letters of the table; nothing otherwise.
    static std::optional<Currency> parse(std::string_view code);

    std::string_view code() const noexcept { return {code_.data(), code_.size()}; }
    // Digits after the decimal point: 2 for EUR, 0 for JPY, 3 for KWD.
    int exponent() const noexcept { return exponent_; }

    friend bool operator==(const Currency&, const Currency&) = default;

  private:
    Currency(std::array<char, 3> code, int exponent) : code_(code), exponent_(exponent) {}
    std::array<char, 3> code_;
    int exponent_;
};

struct Money {
    Money(std::int64_t m, Currency c) : minor(m), currency(c) {}
    std::int64_t minor;
    Currency currency;
    friend bool operator==(const Money&, const Money&) = default;
};

// Nothing when the result does not fit 64 bits.
std::optional<std::int64_t> checked_add(std::int64_t a, std::int64_t b) noexcept;
std::optional<std::int64_t> checked_sub(std::int64_t a, std::int64_t b) noexcept;
std::optional<std::int64_t> checked_mul(std::int64_t a, std::int64_t b) noexcept;

// amount * basis_points / 10000, halves rounded away from zero. amount and basis_points >= 0.
std::optional<std::int64_t> share_of(std::int64_t amount, std::int64_t basis_points) noexcept;

}  // namespace orderflow::orders
