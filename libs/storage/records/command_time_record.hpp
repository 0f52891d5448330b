// How the time of the last command about something lies in its row. Conventions as in order_record.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/base/clock.hpp"
#include "libs/storage/records/order_record.hpp"

namespace orderflow::storage {

// The subject is the checksum's key and lies in a column of its own.
std::string encode_command_time(std::string_view subject, WallTime at);
std::optional<WallTime> decode_command_time(std::string_view subject, Bytes record);

}  // namespace orderflow::storage
