#include "libs/net/http_session.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

#include "libs/net/chunk_guard.hpp"
#include "libs/net/percent.hpp"

namespace orderflow::net {

namespace {

constexpr std::size_t read_bytes = 4096;              // most requests fit
constexpr std::size_t kept_bytes = 16 * 1024;         // memory an idle connection may keep in each buffer
constexpr std::size_t copied_body_bytes = 16 * 1024;  // smaller bodies are copied behind their head: one buffer to send
constexpr std::size_t max_in_a_row = 16;              // pipelined requests answered before other connections get a turn
constexpr BootClock::duration reserve_time = 1s;      // for the head of a request on the last file descriptor
constexpr std::string_view continue_head = "HTTP/1.1 100 Continue\r\n\r\n";

BootClock::duration time_for(std::size_t bytes, std::size_t bytes_per_second) {
    if (bytes_per_second == 0) return {};
    return std::chrono::milliseconds(static_cast<std::int64_t>(bytes * 1000 / bytes_per_second));
}

Response with_allow(Response response, std::string allow) {
    return std::move(response).field("Allow", std::move(allow));
}

Response no_content() {
    Response response;
    response.status = 204;
    return response;
}

Response busy(std::string_view code, std::string_view detail) {
    return problem(503, code, detail).field("Retry-After", "1");
}

}  // namespace

HttpSession::HttpSession(std::shared_ptr<HttpCore> core, Gate::Pass pass, HttpAcceptor::Connected connected,
                         Admission admission)
    : reserve_(std::move(connected.on_reserve)),
      member_(std::move(core), std::move(pass), *this, admission != Admission::refused),
      core_(member_.core()),
      connection_(std::move(connected.socket)),
      admission_(admission),
      idle_since_(core_.now()) {}

task<void> HttpSession::run(std::shared_ptr<HttpSession> session) {
    try {
        co_await session->serve();
    } catch (const std::exception& thrown) {
        session->core_.observer().bug({}, thrown.what());
    }
    session->stop_.request_stop();
    session->connection_.close();
}

task<void> HttpSession::serve() {
    if (admission_ == Admission::refused) {
        refuse(503, "too-many-connections", "The server has as many connections as it takes.");
        co_await answer(refused_answer().field("Retry-After", "1"));
        co_return;
    }
    while (co_await exchange()) {
        if (++since_wait_ < max_in_a_row) continue;
        since_wait_ = 0;
        co_await boost::asio::post(boost::asio::use_awaitable);
    }
}

task<bool> HttpSession::exchange() {
    forget_request();
    auto step = co_await read_head();
    if (step == Step::done && !begin_request()) step = Step::refused;
    if (step == Step::done) {
        if (auto early = choose_route()) {
            skip_body();
            co_return co_await answer(std::move(*early));
        }
        step = co_await read_body(matched_->route->options.body_bytes.value_or(core_.limits().body_bytes));
    }
    if (step == Step::closed) co_return false;
    if (step == Step::refused) co_return co_await answer(refused_answer());
    auto response = co_await handle();
    if (cut_) co_return false;
    co_return co_await answer(std::move(response));
}

void HttpSession::forget_request() {
    request_ = Request{};
    facts_ = HeadFacts{};
    matched_.reset();
    in_flight_.reset();
    must_close_ = false;
    decoded_path_.clear();
    connection_.input().release(kept_bytes);
    if (out_.capacity() > kept_bytes + copied_body_bytes) out_ = std::string();
}

task<HttpSession::Step> HttpSession::read_head() {
    const auto& limits = core_.limits();
    auto& input = connection_.input();
    HeadGuard guard(limits);
    phase_ = Phase::idle;
    idle_since_ = core_.now();
    const auto first_wait = admission_ == Admission::on_reserve ? reserve_time
                            : served_ == 0                      ? limits.header_time
                                                                : limits.idle_time;
    auto deadline = idle_since_ + first_wait;
    for (;;) {
        if (!input.empty()) {
            if (phase_ == Phase::idle) {
                phase_ = Phase::reading;
                request_.arrived = core_.now();
                deadline = request_.arrived + std::min(limits.header_time, first_wait);
            }
            const auto progress = guard.advance(input.view());
            if (progress == Progress::refused) co_return refuse(guard.refusal());
            if (progress == Progress::complete) break;
        }
        if (phase_ == Phase::idle && core_.idle_time_is_over()) co_return Step::closed;
        since_wait_ = 0;
        switch (co_await connection_.receive(read_bytes, deadline)) {
            case Connection::Received::data: break;
            case Connection::Received::closed:
                if (phase_ == Phase::idle) co_return Step::closed;
                co_return refuse(400, "head-incomplete", "The request ends inside of its head.");
            case Connection::Received::late:
                if (phase_ == Phase::idle) co_return Step::closed;
                co_return refuse(408, "head-timeout", "The request head took too long.");
        }
    }
    head_.assign(input.view().substr(guard.begin(), guard.size() - guard.begin()));
    input.consume(guard.size());
    facts_ = guard.facts();
    co_return Step::done;
}

HttpSession::Step HttpSession::refuse(unsigned status, std::string_view code, std::string_view detail) {
    return refuse(Refusal{.status = status, .code = code, .detail = detail});
}

HttpSession::Step HttpSession::refuse(const Refusal& refusal) {
    refusal_ = refusal;
    must_close_ = true;
    core_.observer().refused(refusal.status, refusal.code);
    return Step::refused;
}

Response HttpSession::refused_answer() const { return problem(refusal_.status, refusal_.code, refusal_.detail); }

// Beast takes the head apart; then the request is filled. False: refused.
bool HttpSession::begin_request() {
    const bool agree = parser_.put_head(head_) && parser_.chunked() == facts_.chunked &&
                       parser_.content_length() == facts_.content_length;
    const auto target = agree ? parse_target(facts_.method, parser_.target()) : std::nullopt;
    if (!target) {
        refuse(400, "head-malformed", "The request head is malformed.");
        return false;
    }
    target_ = *target;
    request_.method = facts_.method;
    request_.fields = parser_.fields();
    request_.query = target_.query;
    request_.peer = connection_.peer();
    request_.stop = stop_.get_token();
    request_.loop = &core_.executor();
    const auto sent_id = request_.field("Request-Id");
    request_.request_id = sent_id && is_request_id(*sent_id) ? *sent_id : core_.request_ids().next(made_id_);
    const auto path = decode_path(target_.path, decoded_path_);
    if (!path) {
        refuse(400, "path-malformed", "The path holds an escape that is broken or not allowed.");
        return false;
    }
    request_.path = *path;
    if (!is_query(target_.query)) {
        refuse(400, "query-malformed", "The query holds an escape that is broken, or is not UTF-8.");
        return false;
    }
    return true;
}

// nullopt: matched_ is the route. Otherwise the answer, given before the body is read.
std::optional<Response> HttpSession::choose_route() {
    if (facts_.method == Method::other || facts_.method == Method::connect) {
        return problem(501, "method-not-implemented", "The method is not known here.");
    }
    if (target_.form == TargetForm::asterisk) return with_allow(no_content(), core_.router().all_methods());
    auto match = core_.router().match(request_.method, request_.path);
    if (auto* matched = std::get_if<Router::Matched>(&match)) return admit_request(*matched);
    if (auto* options = std::get_if<Router::Options>(&match))
        return with_allow(no_content(), std::move(options->allow));
    if (auto* other = std::get_if<Router::MethodNotAllowed>(&match)) {
        return with_allow(problem(405, "method-not-allowed", "The resource has other methods."),
                          std::move(other->allow));
    }
    return problem(404, "not-found", "There is nothing at this path.");
}

std::optional<Response> HttpSession::admit_request(const Router::Matched& matched) {
    matched_ = matched;
    request_.params = std::span(matched_->params).first(matched_->param_count);
    const auto& options = matched.route->options;
    if (facts_.content_length > options.body_bytes.value_or(core_.limits().body_bytes)) {
        core_.observer().refused(413, "body-too-large");
        return problem(413, "body-too-large", "The body is too large.");
    }
    if (options.always_admitted) return std::nullopt;
    if (auto place = core_.enter_handler()) {
        in_flight_.emplace(std::move(*place));
        return std::nullopt;
    }
    core_.observer().refused(503, "too-many-requests-in-flight");
    return busy("too-many-requests-in-flight", "The server is working on as many requests as it takes.");
}

// An answer before the body: the connection can go on only if the body is here already.
void HttpSession::skip_body() {
    auto& input = connection_.input();
    if (!facts_.has_body()) return;
    if (!facts_.chunked && *facts_.content_length <= input.size()) {
        input.consume(static_cast<std::size_t>(*facts_.content_length));
    } else {
        must_close_ = true;
    }
}

task<HttpSession::Step> HttpSession::read_body(std::size_t max_bytes) {
    if (!facts_.has_body()) co_return Step::done;
    const auto& limits = core_.limits();
    auto& input = connection_.input();
    const auto begun = core_.now();
    if (facts_.expects_continue && facts_.http_1_1 && input.empty()) {
        if (!co_await connection_.send(continue_head, {}, begun + limits.write_time)) co_return Step::closed;
    }
    ChunkGuard guard(limits, max_bytes);
    std::size_t arrived = 0;
    for (;;) {
        if (!input.empty()) {
            auto bytes = input.view();
            auto progress = Progress::incomplete;
            if (facts_.chunked) {
                progress = guard.advance(bytes);
                if (progress == Progress::refused) co_return refuse(guard.refusal());
                bytes = bytes.substr(0, guard.accepted());
            }
            const auto used = parser_.put_body(bytes);
            if (!used || (progress == Progress::complete && !parser_.done())) {
                co_return refuse(400, "body-malformed", "The body is malformed.");
            }
            input.consume(*used);
            if (facts_.chunked) guard.forget(*used);
            arrived += *used;
            if (parser_.done()) co_return Step::done;
        }
        since_wait_ = 0;
        const auto deadline = begun + limits.body_time + time_for(arrived, limits.min_bytes_per_second);
        switch (co_await connection_.receive(read_bytes, deadline)) {
            case Connection::Received::data: break;
            case Connection::Received::closed:
                co_return refuse(400, "body-incomplete", "The request ends inside of its body.");
            case Connection::Received::late: co_return refuse(408, "body-timeout", "The request body took too long.");
        }
    }
}

task<Response> HttpSession::handle() {
    const auto& route = *matched_->route;
    request_.body = parser_.body();
    request_.answer_by = core_.now() + route.options.handler_time.value_or(core_.limits().handler_time);
    handler_deadline_ = request_.answer_by;
    phase_ = Phase::handling;
    if (route.options.ends_with_peer && route.options.ends_with_peer(request_)) end_with_peer();
    Response response;
    try {
        response = co_await route.handler(request_);
    } catch (const std::exception& thrown) {
        core_.observer().bug(route.name, thrown.what());
        response = problem(500, "internal", "The server failed; the request may be repeated.");
    }
    if (phase_ == Phase::grace) must_close_ = true;
    phase_ = Phase::writing;
    handler_deadline_ = Instant::max();
    in_flight_.reset();
    co_return response;
}

ResponseFrame HttpSession::frame_of(const Response& response) {
    ResponseFrame frame;
    frame.date = core_.date();
    frame.request_id = request_.request_id;
    frame.close = must_close_ || !facts_.keep_alive() || core_.draining() || admission_ != Admission::regular ||
                  response.stream != nullptr || served_ >= core_.limits().requests_per_connection;
    frame.says_keep_alive = !facts_.http_1_1;
    frame.length = response.body.size();
    if (response.status == 204 || response.status == 304 || response.status < 200) {
        frame.body = ResponseFrame::Body::none;
    } else if (response.stream) {
        frame.body = facts_.http_1_1 ? ResponseFrame::Body::chunked : ResponseFrame::Body::until_close;
    }
    return frame;
}

Instant HttpSession::write_deadline(std::size_t bytes) const {
    const auto& limits = core_.limits();
    return core_.now() + limits.write_time + time_for(bytes, limits.min_bytes_per_second);
}

task<bool> HttpSession::answer(Response response) {
    phase_ = Phase::writing;
    ++served_;
    const bool only_head = facts_.method == Method::head;
    std::optional<HttpCore::Streaming> streaming;
    if (response.stream && !only_head) {
        auto admitted = core_.enter_stream(connection_.peer());
        if (admitted) {
            streaming.emplace(std::move(*admitted));
        } else if (admitted.error() == HttpCore::StreamRefusal::server_full) {
            response = busy("too-many-streams", "The server has as many streams as it takes.");
        } else {
            response = problem(429, "too-many-streams", "Too many streams of one client.").field("Retry-After", "5");
        }
    }
    if (request_.request_id.empty()) request_.request_id = core_.request_ids().next(made_id_);
    auto frame = frame_of(response);
    out_.clear();
    if (!append_head(out_, response, frame)) {
        core_.observer().bug(matched_ ? matched_->route->name : std::string_view{}, "a response field cannot be sent");
        response = problem(500, "internal", "The server failed; the request may be repeated.");
        frame = frame_of(response);
        append_head(out_, response, frame);
    }
    std::string_view rest;
    if (frame.body == ResponseFrame::Body::sized && !only_head) {
        if (response.body.size() <= copied_body_bytes) {
            out_ += response.body;
        } else {
            rest = response.body;
        }
    }
    const auto bytes = out_.size() + rest.size();
    const bool sent = co_await connection_.send(out_, rest, write_deadline(bytes));
    if (sent && streaming) co_await stream(std::move(response.stream), facts_.http_1_1);
    if (!sent) core_.observer().refused(0, "answer-not-taken");
    tell_observer(response, bytes);
    if (!sent || !frame.close) co_return sent;
    if (!streaming) co_await connection_.linger(core_.now() + core_.limits().linger_time);
    co_return false;
}

void HttpSession::tell_observer(const Response& response, std::size_t bytes_out) {
    if (request_.path.empty()) return;  // no head that could be read: told as refused
    core_.observer().answered({.method = facts_.method,
                               .route = matched_ ? std::string_view(matched_->route->name) : std::string_view{},
                               .status = response.status,
                               .request_id = request_.request_id,
                               .took = core_.now() - request_.arrived,
                               .body_bytes_in = request_.body.size(),
                               .bytes_out = bytes_out});
}

task<void> HttpSession::stream(std::shared_ptr<StreamBody> source, bool chunked) {
    const auto stop = stop_.get_token();
    if (core_.draining()) stop_.request_stop();
    core_.spawn(watch_peer(shared_from_this()));
    while (!stop.stop_requested()) {
        phase_ = Phase::streaming;
        const auto piece = co_await source->next(stop);
        if (!piece) break;
        if (piece->empty()) continue;  // an empty chunk would end the body
        out_.clear();
        if (chunked) append_chunk_size(out_, piece->size());
        out_ += *piece;
        if (chunked) out_ += "\r\n";
        if (!co_await connection_.send(out_, {}, write_deadline(out_.size()))) {
            core_.observer().refused(0, "answer-not-taken");
            co_return;
        }
    }
    if (chunked) co_await connection_.send("0\r\n\r\n", {}, write_deadline(0));
}

task<void> HttpSession::watch_peer(std::shared_ptr<HttpSession> session) {
    co_await session->connection_.wait_for_end();
    session->stop_.request_stop();
}

void HttpSession::expire_if_due(Instant now) {
    if (phase_ == Phase::handling && now >= handler_deadline_) {
        phase_ = Phase::grace;
        handler_deadline_ = now + core_.limits().handler_grace;
        stop_.request_stop();
    } else if (phase_ == Phase::grace && now >= handler_deadline_) {
        cut_handler();
    } else {
        connection_.expire_if_due(now);
    }
}

void HttpSession::end_with_peer() {
    connection_.watch_for_end([weak = weak_from_this()] {
        const auto session = weak.lock();
        if (session && session->phase_ == Phase::handling) session->stop_.request_stop();
    });
}

// The handler goes on; what it answers is dropped.
void HttpSession::cut_handler() {
    handler_deadline_ = Instant::max();
    cut_ = true;
    must_close_ = true;
    core_.observer().refused(503, "handler-timeout");
    const auto response = busy("handler-timeout", "The answer took too long; the outcome is unknown.");
    out_.clear();
    append_head(out_, response, frame_of(response));
    if (facts_.method != Method::head) out_ += response.body;
    connection_.send_now(out_);
    connection_.close();
    tell_observer(response, out_.size());
}

void HttpSession::drain() {
    if (phase_ == Phase::streaming) stop_.request_stop();
}

void HttpSession::close_if_idle() {
    if (phase_ == Phase::idle) connection_.close();
}

Instant HttpSession::idle_since() const noexcept {
    const bool idle = phase_ == Phase::idle && admission_ == Admission::regular && !made_room_;
    return idle ? idle_since_ : Instant::max();
}

void HttpSession::make_room() {
    made_room_ = true;
    connection_.close();
}

void HttpSession::cut_off() {
    if (phase_ == Phase::grace) return;
    stop_.request_stop();
    if (phase_ == Phase::handling) {
        phase_ = Phase::grace;
        handler_deadline_ = core_.now() + core_.limits().handler_grace;
    } else {
        connection_.close();
    }
}

}  // namespace orderflow::net
