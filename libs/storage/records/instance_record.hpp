// How rows of instances lie in their rows. Conventions as in order_record.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/instances/instance_row.hpp"
#include "libs/storage/records/order_record.hpp"

namespace orderflow::storage {

// `id` and `until` are the key of the row and not in the record.
std::string encode_instance(const instances::InstanceRow& row);
std::optional<instances::InstanceRow> decode_instance(std::string_view id, WallTime until, Bytes record);

}  // namespace orderflow::storage
