// SqsCall: who asks, and from where, beside what the action itself says.
#pragma once

#include <stop_token>
#include <string>
#include <string_view>

#include "queue-service/engine/queue_name.hpp"
#include "queue-service/protocol/sqs_error.hpp"

namespace orderflow::sqs {

struct SqsCall {
    queue::QueueScope scope;        // region of the credential scope, account of the configuration
    std::string base_url;           // "http://127.0.0.1:9324": this server as the client sees it
    std::stop_token stop;           // ends a long poll
    std::string trace_header = {};  // X-Amzn-Trace-Id of the request, or empty
};

// "http://127.0.0.1:9324/000000000000/orders"
std::string queue_url(const SqsCall& call, std::string_view name);

// The queue that a QueueUrl names, whatever its host: InvalidAddress for a text that is no URL of a queue;
// QueueDoesNotExist for another account than the caller's.
Outcome<queue::QueueName> parse_queue_url(const SqsCall& call, std::string_view url);

}  // namespace orderflow::sqs
