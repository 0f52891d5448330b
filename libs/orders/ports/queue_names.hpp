// The names of the system's queues, wherever they are: in a journal of ours, at Amazon SQS, in metrics and traces.
#pragma once

namespace orderflow::orders {

inline constexpr auto orders_queue = "orders";
inline constexpr auto commands_queue = "orders-commands";
inline constexpr auto letters_queue = "orders-dlq";  // the dead letters of both

}  // namespace orderflow::orders
