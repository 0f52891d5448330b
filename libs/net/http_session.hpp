// HttpSession: the requests of one connection, one after the other.
//
//   read head -> choose route -> read body -> handler -> write answer -> (stream) -> next request, or close
//
// What the guards refuse is answered and ends the connection: where the next request begins would be a guess.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "libs/net/connection.hpp"
#include "libs/net/head_guard.hpp"
#include "libs/net/http_core.hpp"
#include "libs/net/request_parser.hpp"
#include "libs/net/response_head.hpp"

namespace orderflow::net {

class HttpSession : public std::enable_shared_from_this<HttpSession> {
  public:
    enum class Admission : std::uint8_t {
        regular,
        on_reserve,  // the last file descriptor: one request, quickly
        refused,     // too many connections: told so, then closed
    };

    HttpSession(std::shared_ptr<HttpCore> core, Gate::Pass pass, HttpAcceptor::Connected connected,
                Admission admission);

    static task<void> run(std::shared_ptr<HttpSession> session);

    // From the core's tick.
    void expire_if_due(Instant now);
    // No further request after the next one; a stream ends.
    void drain();
    void close_if_idle();
    // Since when it waits for the next request; Instant::max() when it does not, or is closed already.
    Instant idle_since() const noexcept;
    // Closed while idle, for another connection.
    void make_room();
    // The drain time is over: whatever is not inside a handler ends now, the handler within its grace.
    void cut_off();

  private:
    enum class Phase : std::uint8_t { idle, reading, handling, grace, writing, streaming };
    enum class Step : std::uint8_t { done, closed, refused };

    task<void> serve();
    task<bool> exchange();
    task<Step> read_head();
    task<Step> read_body(std::size_t max_bytes);
    Step refuse(unsigned status, std::string_view code, std::string_view detail);
    Step refuse(const Refusal& refusal);

    bool begin_request();
    std::optional<Response> choose_route();
    std::optional<Response> admit_request(const Router::Matched& matched);
    void skip_body();
    task<Response> handle();
    task<bool> answer(Response response);
    ResponseFrame frame_of(const Response& response);
    task<void> stream(std::shared_ptr<StreamBody> source, bool chunked);
    static task<void> watch_peer(std::shared_ptr<HttpSession> session);
    Response refused_answer() const;
    void tell_observer(const Response& response, std::size_t bytes_out);
    void end_with_peer();
    void forget_request();
    void cut_handler();
    Instant write_deadline(std::size_t bytes) const;

    std::shared_ptr<void> reserve_;  // dropped after the connection
    HttpCore::Member member_;
    HttpCore& core_;
    Connection connection_;
    const Admission admission_;
    Phase phase_ = Phase::idle;
    Instant idle_since_;
    bool made_room_ = false;
    Instant handler_deadline_ = Instant::max();
    std::stop_source stop_;
    std::size_t served_ = 0;
    std::size_t since_wait_ = 0;  // requests answered without letting others run

    // Of the request at hand.
    std::string head_;
    std::string decoded_path_;
    RequestParser parser_;
    HeadFacts facts_;
    RequestTarget target_{};
    Request request_;
    std::array<char, 32> made_id_{};
    std::optional<Router::Matched> matched_;
    std::optional<HttpCore::InFlight> in_flight_;
    Refusal refusal_{};
    bool must_close_ = false;
    bool cut_ = false;  // the handler took too long: answered without it
    std::string out_;
};

}  // namespace orderflow::net
