// Every limit of an order, with its name. Lengths are in Unicode code points unless they say bytes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace orderflow::orders::limits {

inline constexpr std::size_t lines_max = 100;
inline constexpr std::int64_t quantity_max = 1'000'000;
inline constexpr std::size_t sku_max = 64;
inline constexpr std::size_t name_max = 200;
inline constexpr std::size_t email_max = 254;  // RFC 5321, 4.5.3.1.3, without the angle brackets
inline constexpr std::size_t phone_max = 32;
inline constexpr std::size_t customer_id_max = 64;
inline constexpr std::size_t address_line_max = 200;
inline constexpr std::size_t city_max = 100;
inline constexpr std::size_t region_max = 100;
inline constexpr std::size_t postal_code_max = 20;
inline constexpr std::size_t token_max = 255;  // also a payment reference
inline constexpr std::size_t provider_max = 64;
inline constexpr std::size_t client_reference_max = 100;
inline constexpr std::size_t notes_max = 2000;
inline constexpr std::size_t metadata_entries_max = 50;
inline constexpr std::size_t metadata_key_max = 40;
inline constexpr std::size_t metadata_value_max = 500;

// Business attempts of one order before it goes on hold; counted in the store.
inline constexpr std::int32_t retry_budget = 12;
// A refund that failed so often in a row shows in the order's history.
inline constexpr std::int32_t refund_failures_shown = 3;

}  // namespace orderflow::orders::limits
