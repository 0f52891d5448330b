#include "libs/orders/domain/money.hpp"

#include <algorithm>
#include <limits>
#include <string_view>

namespace orderflow::orders {
namespace {

// ISO 4217 list one, active codes whose exponent is not 2; every other active code has 2.
constexpr std::array<std::string_view, 17> no_decimals{"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG",
                                                       "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"};
constexpr std::array<std::string_view, 7> three_decimals{"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
constexpr std::array<std::string_view, 2> four_decimals{"CLF", "UYW"};
constexpr std::string_view two_decimals =
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY "
    "COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS "
    "INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR "
    "MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP "
    "STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD YER ZAR ZMW ZWG ";

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& table, std::string_view code) {
    return std::ranges::find(table, code) != table.end();
}

std::optional<int> exponent_of(std::string_view code) {
    if (code.size() != 3) return std::nullopt;
    if (!std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; })) return std::nullopt;
    const auto at = two_decimals.find(code);
    if (at != std::string_view::npos && at % 4 == 0) return 2;
    if (holds(no_decimals, code)) return 0;
    if (holds(three_decimals, code)) return 3;
    if (holds(four_decimals, code)) return 4;
    return std::nullopt;
}

}  // namespace

std::optional<Currency> Currency::parse(std::string_view code) {
    const auto exponent = exponent_of(code);
    if (!exponent) return std::nullopt;
    return Currency({code[0], code[1], code[2]}, *exponent);
}

std::optional<std::int64_t> checked_add(std::int64_t a, std::int64_t b) noexcept {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
    return sum;
}

std::optional<std::int64_t> checked_sub(std::int64_t a, std::int64_t b) noexcept {
    std::int64_t difference = 0;
    if (__builtin_sub_overflow(a, b, &difference)) return std::nullopt;
    return difference;
}

std::optional<std::int64_t> checked_mul(std::int64_t a, std::int64_t b) noexcept {
    std::int64_t product = 0;
    if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
    return product;
}

std::optional<std::int64_t> share_of(std::int64_t amount, std::int64_t basis_points) noexcept {
    const auto exact = static_cast<__int128>(amount) * basis_points;
    const auto rounded = (exact + 5'000) / 10'000;
    if (rounded > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
    return static_cast<std::int64_t>(rounded);
}

}  // namespace orderflow::orders
