// CommandDesk: the one way from an operator's wish to the queue of commands.
#pragma once

#include "api-service/intake_loop.hpp"
#include "libs/base/entropy.hpp"
#include "libs/contract/fingerprint.hpp"
#include "libs/contract/operator_request.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"

namespace orderflow::api {

// Any loop. Everything passed in outlives it.
class CommandDesk {
  public:
    CommandDesk(IntakeLoops& intake, contract::Sha256 sha256, const Clock& clock, Entropy& entropy,
                BootClock::duration accept_time)
        : intake_(intake), sha256_(std::move(sha256)), clock_(clock), entropy_(entropy), accept_time_(accept_time) {}

    // 202 once the queue holds the command durably, with the address of its audit record; or the problem. The id comes
    // from the Idempotency-Key when there is one, so that a command that is sent again is the same command. The request
    // outlives the call.
    task<net::Response> submit(const net::Request& request, orders::OperatorCommand::Wish wish,
                               contract::OperatorNote note);

  private:
    std::string command_id(const std::optional<std::string>& key);

    IntakeLoops& intake_;
    contract::Sha256 sha256_;
    const Clock& clock_;
    Entropy& entropy_;
    BootClock::duration accept_time_;
};

}  // namespace orderflow::api
