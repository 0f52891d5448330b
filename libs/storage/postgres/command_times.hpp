// When the last command about something was asked for: the statements, and what their answers mean. Pure.
#pragma once

#include <string>
#include <vector>

#include "libs/orders/domain/command_times.hpp"
#include "libs/postgres/connection.hpp"
#include "libs/storage/postgres/order_requests.hpp"

namespace orderflow::storage {

postgres::Unit command_times_request(const std::vector<std::string>& subjects);
// Subjects that nothing was asked about are left out. internal "store.damaged_row"; the detail names the row.
Result<orders::CommandTimes> read_command_times(const Answers& answers);

postgres::Request put_command_times(const orders::CommandTimes& times);

}  // namespace orderflow::storage
