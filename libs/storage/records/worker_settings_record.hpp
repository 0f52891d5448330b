// How the settings of the workers lie in their row. Conventions as in order_record.hpp.
#pragma once

#include <optional>
#include <string>

#include "libs/orders/domain/worker_settings.hpp"
#include "libs/storage/records/order_record.hpp"

namespace orderflow::storage {

std::string encode_worker_settings(const orders::WorkerSettings& settings);
std::optional<orders::WorkerSettings> decode_worker_settings(Bytes record);

}  // namespace orderflow::storage
