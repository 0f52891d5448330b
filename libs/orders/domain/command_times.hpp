// Commands that say how something shall be from now on, and when each was asked for. They may be carried out in another
// order than they were asked in: one that met a store that was down comes again up to a quarter of an hour later, and
// must not undo what was asked for after it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/orders/domain/operator_command.hpp"

namespace orderflow::orders {

// By subject: when the last command about it was asked for that was carried out. A subject is text for a row's key.
using CommandTimes = std::map<std::string, WallTime>;

// Of a product: what a file says of it but for its stock, and its stock as it was counted or stands in a file.
std::string product_subject(const Sku& sku);
std::string stock_subject(const Sku& sku);
// What the command decides for good; empty for others. A change by a difference (ChangeStock::Mode::add) is none: it
// may come at any time.
std::vector<std::string> subjects_of(const OperatorChange& change);
std::vector<std::string> subjects_of(const EndpointCommand& command);

// Whether something that was asked for later has been carried out.
bool is_overtaken(const CommandTimes& times, const std::string& subject, WallTime asked_at);

}  // namespace orderflow::orders
