// ApiParts: everything the API is given. The composition root chooses the adapters.
#pragma once

#include <vector>

#include "libs/base/entropy.hpp"
#include "libs/contract/fingerprint.hpp"
#include "libs/observe/log.hpp"
#include "libs/observe/metrics.hpp"
#include "libs/orders/application/intake/loop_parts.hpp"
#include "libs/orders/ports/message_queue.hpp"
#include "libs/orders/ports/operator_reader.hpp"
#include "libs/orders/ports/order_feed.hpp"
#include "libs/orders/ports/order_ids.hpp"
#include "libs/orders/ports/order_reader.hpp"

namespace orderflow::api {

// Everything referred to outlives the service.
struct ApiParts {
    orders::MessageQueue& orders_queue;
    orders::MessageQueue& commands_queue;
    orders::OrderReader& reader;
    orders::OperatorReader& operators;
    orders::OrderFeed& feed;
    const orders::OrderIds& ids;
    contract::Sha256 sha256;
    const Clock& clock;
    Entropy& entropy;
    observe::Metrics& metrics;
    const observe::Logger& log;
    // Every loop that runs handlers; net::Request::loop names one of them. One each for net::Runtime's cores.
    std::vector<orders::LoopParts> loops;
};

}  // namespace orderflow::api
