// Countries by ISO 3166-1 alpha-2 code.
#pragma once

#include <array>
#include <compare>
#include <optional>
#include <string_view>

namespace orderflow::orders {

class Country {
  public:
    // Exactly two upper-case letters, officially assigned; nothing otherwise.
    static std::optional<Country> parse(std::string_view code);

    std::string_view code() const noexcept { return {code_.data(), code_.size()}; }
    friend auto operator<=>(const Country&, const Country&) = default;

  private:
    explicit Country(std::array<char, 2> code) : code_(code) {}
    std::array<char, 2> code_;
};

}  // namespace orderflow::orders
