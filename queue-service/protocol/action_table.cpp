#include "queue-service/protocol/action_table.hpp"

#include <algorithm>
#include <array>
#include <type_traits>

#include "libs/json/writer.hpp"
#include "queue-service/protocol/actions.hpp"
#include "queue-service/protocol/json_reader.hpp"
#include "queue-service/protocol/json_writer.hpp"
#include "queue-service/protocol/query_reader.hpp"
#include "queue-service/protocol/xml_writer.hpp"

namespace orderflow::sqs {

namespace {

constexpr std::string_view xml_head = "<?xml version=\"1.0\"?>";
constexpr std::string_view xml_namespace = "http://queue.amazonaws.com/doc/2012-11-05/";

template <class Request>
Outcome<Request> read(const ActionInput& input) {
    Request request;
    std::optional<SqsError> failure;
    switch (input.protocol) {
        case Protocol::json: {
            JsonReader reader(input.json.root(), input.path_queue, failure);
            Request::describe(request, reader);
            break;
        }
        case Protocol::query: {
            QueryReader reader(input.form, {}, input.path_queue, failure);
            Request::describe(request, reader);
            break;
        }
    }
    if (failure) return refuse(*std::move(failure));
    return request;
}

template <class Answer>
std::string write_json(const Answer& answer) {
    if constexpr (std::is_same_v<Answer, NoAnswer>) return {};
    json::Writer out;
    out.begin_object();
    JsonAnswer writer(out);
    Answer::describe(answer, writer);
    out.end_object();
    return std::move(out).take();
}

void append_element(std::string& out, std::string_view name, std::string_view text) {
    out.append("<").append(name).append(">");
    append_xml_text(out, text);
    out.append("</").append(name).append(">");
}

template <class Answer>
std::string write_xml(std::string_view action, const Answer& answer, std::string_view request_id) {
    std::string out(xml_head);
    out.append("<").append(action).append("Response xmlns=\"").append(xml_namespace).append("\">");
    if constexpr (!std::is_same_v<Answer, NoAnswer>) {
        XmlAnswer(out).element(std::string(action) + "Result", answer);
    }
    out.append("<ResponseMetadata>");
    append_element(out, "RequestId", request_id);
    out.append("</ResponseMetadata></").append(action).append("Response>");
    return out;
}

// `directory` outlives the task: the handler that awaits it holds it.
template <class Request>
task<Outcome<std::string>> run(QueueDirectory& directory, SqsCall call, ActionInput input) {
    auto request = read<Request>(input);
    if (!request) co_return refuse(std::move(request).error());
    const auto answer = co_await perform(directory, std::move(call), *std::move(request));
    if (!answer) co_return refuse(answer.error());
    switch (input.protocol) {
        case Protocol::json: co_return write_json(*answer);
        case Protocol::query: co_return write_xml(Request::action, *answer, input.request_id);
    }
    std::unreachable();
}

template <class Request>
Outcome<void> decode(const ActionInput& input) {
    auto request = read<Request>(input);
    if (!request) return refuse(std::move(request).error());
    return {};
}

template <class... Requests>
constexpr auto table_of() {
    std::array<Action, sizeof...(Requests)> table{Action{Requests::action, &run<Requests>, &decode<Requests>}...};
    std::ranges::sort(table, {}, &Action::name);
    return table;
}

constexpr auto table =
    table_of<AddPermission, CancelMessageMoveTask, ChangeMessageVisibility, ChangeMessageVisibilityBatch, CreateQueue,
             DeleteMessage, DeleteMessageBatch, DeleteQueue, GetQueueAttributes, GetQueueUrl,
             ListDeadLetterSourceQueues, ListMessageMoveTasks, ListQueueTags, ListQueues, PurgeQueue, ReceiveMessage,
             RemovePermission, SendMessage, SendMessageBatch, SetQueueAttributes, StartMessageMoveTask, TagQueue,
             UntagQueue>();
static_assert(table.size() == 23);

}  // namespace

std::span<const Action> actions() noexcept { return table; }

const Action* find_action(std::string_view name) noexcept {
    const auto* const place = std::ranges::lower_bound(table, name, {}, &Action::name);
    return place != table.end() && place->name == name ? place : nullptr;
}

std::string error_body(Protocol protocol, const SqsError& error, std::string_view request_id) {
    const auto& form = form_of(error.fault);
    if (protocol == Protocol::json) {
        json::Writer out;
        out.begin_object().key("__type").string(form.type).key("message").string(error.message).end_object();
        return std::move(out).take();
    }
    std::string out(xml_head);
    out.append("<ErrorResponse xmlns=\"").append(xml_namespace).append("\"><Error>");
    append_element(out, "Type", form.sender ? "Sender" : "Receiver");
    append_element(out, "Code", form.code);
    append_element(out, "Message", error.message);
    out.append("<Detail/></Error>");
    append_element(out, "RequestId", request_id);
    out.append("</ErrorResponse>");
    return out;
}

}  // namespace orderflow::sqs
