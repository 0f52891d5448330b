// The actions by name: from a request as it was sent to the text of its answer.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "libs/async/task.hpp"
#include "libs/json/document.hpp"
#include "queue-service/protocol/query_form.hpp"
#include "queue-service/protocol/queue_directory.hpp"

namespace orderflow::sqs {

enum class Protocol : std::uint8_t { json, query };

struct ActionInput {
    Protocol protocol = Protocol::json;
    json::Document json;     // of the JSON protocol
    QueryForm form;          // of the query protocol
    std::string path_queue;  // the path of the request when it is a queue's, else empty
    std::string request_id;
};

struct Action {
    std::string_view name;
    // The body of the answer. `directory` outlives the returned task.
    task<Outcome<std::string>> (*run)(QueueDirectory& directory, SqsCall call, ActionInput input);
    // Whether the decoder takes the request: the errors of decoding without doing anything. For the fuzz target.
    Outcome<void> (*decode)(const ActionInput& input);
};

// All 23, by name.
std::span<const Action> actions() noexcept;
// Null for a name that Amazon SQS does not know.
const Action* find_action(std::string_view name) noexcept;

// The body of an error: {"__type", "message"}, or an ErrorResponse.
std::string error_body(Protocol protocol, const SqsError& error, std::string_view request_id);

}  // namespace orderflow::sqs
