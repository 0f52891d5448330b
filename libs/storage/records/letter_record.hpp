// How dead letters and the records of operator commands lie in their rows. Conventions as in order_record.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libs/orders/domain/operator_command.hpp"
#include "libs/orders/domain/stored_dead_letter.hpp"
#include "libs/storage/records/order_record.hpp"

namespace orderflow::storage {

// The message id is the checksum's key and lies in a column of its own.
std::string encode_letter(const orders::StoredDeadLetter& letter);
// Also of the first format, which knew open letters alone.
std::optional<orders::StoredDeadLetter> decode_letter(std::int64_t number, std::string_view message_id, Bytes record);

// The id is the checksum's key and lies in a column of its own.
std::string encode_command(const orders::CommandRecord& command);
std::optional<orders::CommandRecord> decode_command(std::int64_t number, std::string_view id, Bytes record);

// What lies in the column "matched" of a command, which is no part of its record: a count, none_matched, or
// not_begun_matched of one that was stopped before anybody took it up. Who knows more of that one replaces its record.
inline constexpr std::int64_t none_matched = -1;  // the column's default
inline constexpr std::int64_t not_begun_matched = -2;
std::int64_t matched_of(const orders::CommandRecord& command) noexcept;
void set_matched(orders::CommandRecord& command, std::int64_t column) noexcept;

}  // namespace orderflow::storage
