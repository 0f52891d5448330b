#include "queue-service/protocol/sqs_handler.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libs/json/parse.hpp"
#include "libs/net/ascii.hpp"
#include "queue-service/engine/message.hpp"
#include "queue-service/protocol/wire_limits.hpp"

namespace orderflow::sqs {

namespace {

constexpr std::string_view json_type = "application/x-amz-json-1.0";
constexpr std::string_view target_prefix = "AmazonSQS.";

// Stops when either of two does.
class EitherStop {
  public:
    EitherStop(std::stop_token a, std::stop_token b)
        : on_a_(std::move(a), Request{both_}), on_b_(std::move(b), Request{both_}) {}
    std::stop_token token() const { return both_.get_token(); }

  private:
    struct Request {
        std::stop_source& source;
        void operator()() const { source.request_stop(); }
    };
    std::stop_source both_;
    std::stop_callback<Request> on_a_;
    std::stop_callback<Request> on_b_;
};

Protocol protocol_of(const net::Request& request) {
    const auto type = request.field("Content-Type").value_or("");
    const bool json =
        request.field("X-Amz-Target").has_value() || net::iequals(type.substr(0, json_type.size()), json_type);
    return json && request.method == net::Method::post ? Protocol::json : Protocol::query;
}

// How this server is called by the client: its answers carry URLs that the client must reach.
std::string base_url_of(const net::Request& request) {
    const bool behind_tls = request.field("X-Forwarded-Proto") == "https";
    return fmt::format("{}://{}", behind_tls ? "https" : "http", request.field("Host").value_or("localhost"));
}

// What AWS would keep with the messages of the request. No client is refused for what something on the way has added.
std::string trace_header_of(const net::Request& request) {
    const auto header = request.field("X-Amzn-Trace-Id").value_or("");
    const bool fits = header.size() <= limits::trace_header_max &&
                      std::ranges::all_of(header, [](char c) { return c >= ' ' && c <= '~'; });
    return fits ? std::string(header) : std::string();
}

struct Decoded {
    const Action* action = nullptr;
    ActionInput input;
};

Outcome<Decoded> decode_json(const net::Request& request, ActionInput input) {
    const auto target = request.field("X-Amz-Target").value_or("");
    const auto* const action =
        target.starts_with(target_prefix) ? find_action(target.substr(target_prefix.size())) : nullptr;
    if (action == nullptr) {
        return refuse(Fault::invalid_action,
                      fmt::format("The action {} is not valid for this endpoint.", shown(target)));
    }
    auto document = json::parse(request.body.empty() ? "{}" : request.body,
                                {.bytes = limits::request_bytes_max, .depth = limits::json_depth_max});
    if (!document || document->root().object() == nullptr) {
        return refuse(Fault::malformed_input, "The body of the request is not a JSON object.");
    }
    if (document->root().repeats_a_name()) {
        return refuse(Fault::malformed_input, "The body of the request has a member twice.");
    }
    input.json = *std::move(document);
    return Decoded{action, std::move(input)};
}

Outcome<Decoded> decode_query(const net::Request& request, ActionInput input) {
    if (auto added = input.form.add(request.query); !added) return refuse(std::move(added).error());
    if (request.method == net::Method::post) {
        if (auto added = input.form.add(request.body); !added) return refuse(std::move(added).error());
    }
    // HEAD must have no effect, whatever it asks for.
    const auto* const name = request.method == net::Method::head ? nullptr : input.form.find("Action");
    if (name == nullptr) return refuse(Fault::missing_action, "The request must contain the parameter Action.");
    const auto* const action = find_action(*name);
    if (action == nullptr) {
        return refuse(Fault::invalid_action,
                      fmt::format("The action {} is not valid for this endpoint.", shown(*name)));
    }
    return Decoded{action, std::move(input)};
}

Outcome<Decoded> decode(const net::Request& request, ActionInput input) {
    return input.protocol == Protocol::json ? decode_json(request, std::move(input))
                                            : decode_query(request, std::move(input));
}

net::Response to_response(Protocol protocol, const Outcome<std::string>& body, const std::string& request_id) {
    const bool json = protocol == Protocol::json;
    unsigned status = 200;
    std::string text;
    if (body) {
        text = *body;
    } else {
        const auto& form = form_of(body.error().fault);
        status = json ? form.json_status : form.query_status;
        text = error_body(protocol, body.error(), request_id);
    }
    auto response = net::Response::of(status, json ? std::string(json_type) : "text/xml", std::move(text));
    response.field("x-amzn-RequestId", request_id);
    if (!body && json) {
        const auto& form = form_of(body.error().fault);
        response.field("x-amzn-query-error", fmt::format("{};{}", form.code, form.sender ? "Sender" : "Receiver"));
    }
    return response;
}

}  // namespace

bool may_wait_long(const net::Request& request) {
    const auto target = request.field("X-Amz-Target");
    return !target || target->substr(std::min(target->size(), target_prefix.size())) == "ReceiveMessage";
}

task<net::Response> SqsHandler::operator()(const net::Request& request) {
    std::string_view action;
    if (observer_ == nullptr) co_return co_await answer(request, action);
    const auto began = clock_->now();
    auto response = co_await answer(request, action);
    observer_->performed(action, response.status, clock_->now() - began);
    co_return response;
}

// `action` outlives it: the caller waits, and reads there what was asked for.
task<net::Response> SqsHandler::answer(const net::Request& request, std::string_view& action) {
    ActionInput input;
    input.protocol = protocol_of(request);
    input.request_id = queue::MessageId::random(entropy_).text();
    if (request.path != "/") input.path_queue = request.path;
    const auto protocol = input.protocol;
    const auto request_id = input.request_id;

    auto region = authenticator_.authenticate(request);
    if (!region) co_return to_response(protocol, refuse(std::move(region).error()), request_id);
    auto decoded = decode(request, std::move(input));
    if (!decoded) co_return to_response(protocol, refuse(std::move(decoded).error()), request_id);
    action = decoded->action->name;

    const EitherStop stop(request.stop, ending_.get_token());
    SqsCall call{.scope = {.region = *std::move(region), .account = account_},
                 .base_url = base_url_of(request),
                 .stop = stop.token(),
                 .trace_header = trace_header_of(request)};
    const auto body = co_await decoded->action->run(directory_, std::move(call), std::move(decoded->input));
    co_return to_response(protocol, body, request_id);
}

}  // namespace orderflow::sqs
