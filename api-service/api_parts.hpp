// ApiParts: everything the API is given. The composition root chooses the adapters.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "api-service/api_key.hpp"
#include "api-service/operator_session.hpp"
#include "libs/base/entropy.hpp"
#include "libs/base/result.hpp"
#include "libs/contract/client_error.hpp"
#include "libs/contract/fingerprint.hpp"
#include "libs/instances/instance_store.hpp"
#include "libs/observe/log.hpp"
#include "libs/observe/metrics.hpp"
#include "libs/orders/application/intake/loop_parts.hpp"
#include "libs/orders/ports/endpoint_reader.hpp"
#include "libs/orders/ports/message_queue.hpp"
#include "libs/orders/ports/operator_reader.hpp"
#include "libs/orders/ports/order_feed.hpp"
#include "libs/orders/ports/order_ids.hpp"
#include "libs/orders/ports/order_reader.hpp"

namespace orderflow::api {

// A request of the payment provider, signed as Standard Webhooks 1.0 has it.
struct SignedRequest {
    std::string_view id;
    std::string_view timestamp;
    std::string_view signature;
    std::string_view body;
};
// Whether it is signed by the provider, just now; any thread. Empty: there is no provider that calls.
using CheckSignature = std::function<Result<void>(const SignedRequest& request, WallTime now)>;

// The secret of a webhook endpoint for the command of that id: the same each time, and nobody can guess it. Any thread.
using WebhookSecret = std::function<std::string(std::string_view command_id)>;

// Tells whoever tracks errors of a fault that a page met: any thread, at once, whatever becomes of it.
using ForwardClientError = std::function<void(const contract::ClientError& error)>;

// Everything referred to outlives the service.
struct ApiParts {
    orders::MessageQueue& orders_queue;
    orders::MessageQueue& commands_queue;
    orders::OrderReader& reader;
    orders::OperatorReader& operators;
    instances::InstanceReader& instance_rows;
    orders::EndpointReader& endpoints;
    orders::OrderFeed& feed;
    const orders::OrderIds& ids;
    contract::Sha256 sha256;
    Mac mac{};  // of operators' sessions; may be empty where no operator has a token
    const Clock& clock;
    Entropy& entropy;
    observe::Metrics& metrics;
    const observe::Logger& log;
    // Every loop that runs handlers; net::Request::loop names one of them. One each for net::Runtime's cores.
    std::vector<orders::LoopParts> loops;
    WebhookSecret webhook_secret{};  // to be given where webhooks are made
    CheckSignature check_callback{};
    ApiKeySource api_keys{};  // empty: there are none
    // How many instances share the rate limits at the moment, 1 or more; asked for each request, on any thread. Empty:
    // this one alone.
    std::function<std::int64_t()> instances{};
    ForwardClientError forward_client_error{};  // empty: there is nobody
};

}  // namespace orderflow::api
