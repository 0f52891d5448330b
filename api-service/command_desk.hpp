// CommandDesk: the one way from an operator's wish to the queue of commands.
#pragma once

#include <expected>

#include "api-service/intake_loop.hpp"
#include "api-service/send_trace.hpp"
#include "libs/base/entropy.hpp"
#include "libs/contract/fingerprint.hpp"
#include "libs/contract/operator_request.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"
#include "libs/orders/domain/change.hpp"

namespace orderflow::api {

// Any loop. Everything passed in outlives it.
class CommandDesk {
  public:
    CommandDesk(IntakeLoops& intake, contract::Sha256 sha256, const Clock& clock, Entropy& entropy,
                const SendTraces& traces, BootClock::duration accept_time)
        : intake_(intake),
          sha256_(std::move(sha256)),
          clock_(clock),
          entropy_(entropy),
          traces_(traces),
          accept_time_(accept_time) {}

    // For commands whose answer says more: the id that a request's command has, or the problem of its key. With an
    // Idempotency-Key the id comes from the key and from all that the request says, so that a request that is sent
    // again is the same command, and another one with the same key is another;
    std::expected<std::string, net::Response> id_for(const net::Request& request);
    // the command;
    orders::OperatorCommand command(std::string id, orders::OperatorCommand::Wish wish, contract::OperatorNote note);
    // and 202 with that body, once the queue holds it durably. The request outlives the call.
    task<net::Response> send(const net::Request& request, orders::OperatorCommand command, std::string accepted);

    // All three: 202 once the queue holds the command durably, with the address of its audit record; or the problem.
    // The request outlives the call.
    task<net::Response> submit(const net::Request& request, orders::OperatorCommand::Wish wish,
                               contract::OperatorNote note);

    // The same for a file of products, which becomes a command for each part: 202 once all are durable.
    task<net::Response> import(const net::Request& request, std::vector<orders::ProductRow> rows,
                               contract::OperatorNote note);

    // The id that a command about an order has: of the Idempotency-Key when there is one, else a new one.
    // invalid_input "invalid-idempotency-key".
    Result<std::string> id_about(const net::Request& request, std::string_view operation, const orders::OrderId& order);

    // Nothing once the queue holds it durably; else the problem. The request outlives the call.
    task<std::optional<net::Response>> send(const net::Request& request, orders::FulfillOrder command);

    WallTime now() const { return clock_.wall(); }

    // Whether a command can have this id: one that was accepted may have no record yet.
    static bool may_be_id(std::string_view text) noexcept;

  private:
    std::string command_id(std::string_view scope, const std::optional<std::string>& key);
    task<Result<void>> put(const net::Request& request, std::string body);

    IntakeLoops& intake_;
    contract::Sha256 sha256_;
    const Clock& clock_;
    Entropy& entropy_;
    const SendTraces& traces_;
    BootClock::duration accept_time_;
};

}  // namespace orderflow::api
