#include "tests/simulation/clients.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "libs/json/parse.hpp"
#include "libs/testing/run_hash.hpp"
#include "tests/simulation/program.hpp"

namespace orderflow::simulation {

using audit::AskedLine;
using audit::Attempt;
using audit::AttemptKind;
using audit::Outcome;

struct Clients::Order {
    std::size_t number = 0;
    std::string key;        // idempotency key and client reference
    bool sends_key = true;  // else an unclear answer is final: a repetition could be another order
    bool breaks_a_rule = false;
    std::string payment;  // JSON
    std::vector<AskedLine> lines;
    std::string body;
    std::optional<orders::OrderId> id;
    bool cancels = false;
    bool follows = false;
};

struct Clients::Stream {
    std::int64_t last = 0;      // version
    std::uint64_t request = 0;  // the one it is followed with, of all that were made
    bool open = false;
};

namespace {

constexpr auto client_patience = std::chrono::seconds(40);

std::string text_of(const json::Value* member) {
    return member != nullptr && member->string() != nullptr ? std::string(*member->string()) : std::string();
}

std::int64_t number_of(const json::Value* member) {
    if (member == nullptr) return 0;
    const auto number = member->number();
    return number ? number->to_int64().value_or(-1) : 0;
}

using Document = decltype(json::parse({}, {}))::value_type;

Document parsed(const std::string& body) { return json::parse(body, {.bytes = 1 << 22}).value_or(Document()); }

std::string text_in(const std::string& body, const char* name) {
    const auto document = parsed(body);
    return text_of(document.find(name));
}

std::uint64_t hash_of(const std::string& body) {
    RunHash hash;
    hash.add(std::string_view(body));
    return hash.value();
}

std::shared_ptr<Exchange> request(net::Method method, std::string path, std::string body = {}) {
    auto exchange = std::make_shared<Exchange>();
    exchange->method = method;
    exchange->path = std::move(path);
    exchange->body = std::move(body);
    if (method == net::Method::post) exchange->fields.emplace_back("Content-Type", "application/json");
    return exchange;
}

}  // namespace

Clients::Clients(SimThreads::Thread& thread, const Clock& clock, Entropy& dice, Mischief& mischief, Trace& trace)
    : thread_(thread), clock_(clock), dice_(dice), mischief_(mischief), trace_(trace) {}

void Clients::complain(std::string what) {
    trace_.note("clients", "COMPLAINT: {}", what);
    complaints_.push_back(std::move(what));
}

// The network

void Clients::connect(Program* program) {
    program_ = program;
    ++connection_;
    if (program != nullptr) return;
    std::vector<std::uint64_t> cut;
    for (const auto& [id, call] : calls_) cut.push_back(id);
    for (const auto id : cut) {
        thread_.post_at(clock_.now() + std::chrono::milliseconds(dice_.below(5)),
                        [this, id] { answer(id, {.answer = std::nullopt, .sent = true}); });
    }
    for (const auto& [order, stream] : streams_) {
        if (!std::exchange(stream->open, false)) continue;
        later(std::chrono::milliseconds(4'000), [this, order, stream] { follow(order, stream); });
    }
}

std::vector<std::pair<orders::OrderId, std::int64_t>> Clients::open_streams() const {
    std::vector<std::pair<orders::OrderId, std::int64_t>> open;
    for (const auto& [order, stream] : streams_) {
        if (stream->open) open.emplace_back(*order->id, stream->last);
    }
    return open;
}

void Clients::later(std::chrono::milliseconds most, std::function<void()> work) {
    ++activities_;
    const auto wait = std::chrono::microseconds(dice_.below(static_cast<std::uint64_t>(most.count()) * 1000 + 1));
    thread_.post_at(clock_.now() + wait, [this, work = std::move(work)] {
        work();
        --activities_;
    });
}

void Clients::send(std::shared_ptr<Exchange> exchange, Then then) {
    const auto id = next_call_++;
    ++activities_;
    exchange->answered = [this, id, line = exchange->line](Answer answered) {
        if (mischief_.strikes(Fault::answer_lost)) return answer(id, {.answer = std::nullopt, .sent = true});
        bring(*line, [this, id, answered = std::move(answered)] { answer(id, {.answer = answered, .sent = true}); });
    };
    calls_.emplace(id, Call{std::move(exchange), std::move(then)});
    const bool lost = mischief_.strikes(Fault::request_lost);
    const auto connection = connection_;
    thread_.post_at(clock_.now() + std::chrono::microseconds(dice_.below(5'000)), [this, id, lost, connection] {
        if (lost) return;
        if (program_ == nullptr) return answer(id, {.answer = std::nullopt, .sent = false});
        if (connection != connection_) return answer(id, {.answer = std::nullopt, .sent = true});
        arrive(id);
    });
    thread_.post_at(clock_.now() + client_patience, [this, id] { answer(id, {.answer = std::nullopt, .sent = true}); });
}

// What comes over one connection comes in order.
void Clients::bring(Instant& line, std::function<void()> work) {
    const auto arrives = clock_.now() + std::chrono::microseconds(dice_.below(5'000));
    line = std::max(line + 1ns, arrives);
    thread_.post_at(line, std::move(work));
}

void Clients::arrive(std::uint64_t call) {
    const auto found = calls_.find(call);
    if (found != calls_.end()) program_->take(found->second.exchange);
}

// Once for each call: what comes later finds it gone.
void Clients::answer(std::uint64_t call, Reply reply) {
    auto found = calls_.extract(call);
    if (found.empty()) return;
    found.mapped().then(std::move(reply));
    --activities_;
}

// What clients do

void Clients::begin(std::size_t orders, BootClock::duration time) {
    const auto most = std::chrono::duration_cast<std::chrono::milliseconds>(time);
    payments_fail_ = orders % 4 == 3;  // not drawn: what a seed means otherwise stays
    for (std::size_t number = 1; number <= orders; ++number) {
        auto order = plan_order(number);
        later(most, [this, order] {
            place(order, order->body, order->lines, 1 + static_cast<int>(dice_.below(20)));
            race(order);
        });
    }
    later(most, [this] { check_shelf(5); });
}

Clients::OrderPtr Clients::plan_order(std::size_t number) {
    static constexpr std::array skus{"book", "book", "mug", "lamp", "print"};
    static constexpr std::array payments{R"({"mode":"token","token":"tok_ok"})",
                                         R"({"mode":"token","token":"tok_ok"})",
                                         R"({"mode":"token","token":"tok_ok"})",
                                         R"({"mode":"token","token":"tok_declined"})",
                                         R"({"mode":"token","token":"tok_slow"})",
                                         R"({"mode":"token","token":"tok_unknown"})",
                                         R"({"mode":"token","token":"tok_flaky"})",
                                         R"({"mode":"invoice"})",
                                         R"({"mode":"preauthorized","provider":"simulated","reference":"auth-1"})",
                                         R"({"mode":"preauthorized","provider":"simulated","reference":"auth-2"})"};
    auto order = std::make_shared<Order>();
    order->number = number;
    order->key = "client-key-" + std::to_string(1'000'000 + number);
    order->sends_key = dice_.below(8) != 0;
    order->breaks_a_rule = dice_.below(12) == 0;
    auto payment = dice_.below(payments.size());
    if (payments_fail_ && payment < 5) payment = payment % 2 == 0 ? 6 : 5;  // flaky or unknown: most of them at first
    order->payment = payments[payment];
    for (auto lines = 1 + dice_.below(3); lines > 0; --lines) {
        order->lines.push_back({skus[dice_.below(skus.size())], 1 + static_cast<std::int64_t>(dice_.below(3))});
    }
    if (order->breaks_a_rule) order->lines[0].quantity = 0;
    order->body = body_of(*order, order->lines);
    order->cancels = dice_.below(4) == 0;
    order->follows = dice_.below(4) == 0;
    return order;
}

std::string Clients::body_of(const Order& order, const std::vector<AskedLine>& lines) {
    std::string items;
    for (const auto& line : lines) {
        items += fmt::format(R"({}{{"sku":"{}","quantity":{}}})", items.empty() ? "" : ",", line.sku, line.quantity);
    }
    // Some are valid and cannot be sold so: nothing is shipped there, or the shop's total is another.
    const auto* const country = order.number % 11 == 0 ? "FR" : "DE";
    const auto* const total = order.number % 7 == 0 ? R"("expected_total":1,)" : "";
    return fmt::format(
        R"({{"currency":"EUR","items":[{}],"customer":{{"name":"Ada Lovelace","email":"ada{}@example.com"}},)"
        R"("shipping_address":{{"line1":"Am Markt 1","city":"Bremen","country":"{}"}},)"
        R"("payment":{},{}"client_reference":"{}"}})",
        items, order.number, country, order.payment, total, order.key);
}

std::size_t Clients::begin_attempt(Attempt attempt) {
    attempt.start = clock_.wall();
    history_.attempts.push_back(std::move(attempt));
    return history_.attempts.size() - 1;
}

Outcome Clients::outcome_of(const Reply& reply) const {
    if (!reply.sent) return Outcome::refused;
    if (!reply.answer) return Outcome::unknown;
    const auto status = reply.answer->status;
    if (status < 300) return Outcome::ok;
    if (status < 500) return Outcome::refused;
    if (status == 503 && text_in(reply.answer->body, "code") != "outcome-unknown") return Outcome::refused;
    return Outcome::unknown;
}

void Clients::place(const OrderPtr& order, const std::string& body, const std::vector<AskedLine>& lines, int tries) {
    Attempt attempt;
    attempt.kind = order->breaks_a_rule ? AttemptKind::bad : AttemptKind::place;
    attempt.key = order->key;
    attempt.asked = hash_of(body);
    attempt.lines = lines;
    const auto number = begin_attempt(std::move(attempt));
    auto exchange = request(net::Method::post, "/v1/orders", body);
    if (order->sends_key) exchange->fields.emplace_back("Idempotency-Key", order->key);
    trace_.note("clients", "{} is placed", order->key);
    send(std::move(exchange), [this, order, body, lines, tries, number](const Reply& reply) {
        auto& entry = history_.attempts[number];
        entry.end = clock_.wall();
        entry.outcome = outcome_of(reply);
        entry.http_status = reply.answer ? static_cast<int>(reply.answer->status) : 0;
        if (entry.outcome == Outcome::ok) {
            const auto id = orders::OrderId::parse(text_in(reply.answer->body, "id"));
            if (id) entry.order = *id;
        }
        trace_.note("clients", "{}: {} {}", order->key, entry.http_status, reply.answer ? reply.answer->body : "-");
        const auto copy = entry;
        placed(order, body, lines, tries, copy, reply);
    });
}

void Clients::placed(const OrderPtr& order, const std::string& body, const std::vector<AskedLine>& lines, int tries,
                     const Attempt& attempt, const Reply& reply) {
    if (attempt.outcome == Outcome::ok) {
        if (!attempt.order) return complain(order->key + " was acknowledged without an id");
        if (!std::exchange(order->id, attempt.order)) accepted(order);
        return;
    }
    if (reply.answer && reply.answer->status == 500) complain(order->key + " was answered 500: " + reply.answer->body);
    if (reply.answer && reply.answer->status < 500) {
        const auto code = text_in(reply.answer->body, "code");
        if (!order->breaks_a_rule && code != "idempotency-key-reused") {
            complain(order->key + " is a valid order and was refused: " + reply.answer->body);
        }
        return;
    }
    const bool may_repeat = order->sends_key || attempt.outcome == Outcome::refused;
    if (!may_repeat || tries <= 1) return;
    later(std::chrono::milliseconds(5'000), [=, this] { place(order, body, lines, tries - 1); });
}

// The same key from two tabs at once, with the same content or with other content.
void Clients::race(const OrderPtr& order) {
    if (!order->sends_key || order->breaks_a_rule) return;
    if (dice_.below(8) == 0) place(order, order->body, order->lines, 3);
    if (dice_.below(8) != 0) return;
    auto lines = order->lines;
    lines[0].quantity += 1;
    place(order, body_of(*order, lines), lines, 3);
}

void Clients::accepted(const OrderPtr& order) {
    if (order->sends_key && dice_.below(5) == 0) {
        later(std::chrono::milliseconds(20'000), [=, this] { place(order, order->body, order->lines, 3); });
    }
    if (order->sends_key && dice_.below(8) == 0) {
        auto lines = order->lines;
        lines[0].quantity += 1;
        later(std::chrono::milliseconds(5'000), [=, this] { place(order, body_of(*order, lines), lines, 2); });
    }
    const auto regret = std::chrono::milliseconds(dice_.below(2) == 0 ? 50 : 10'000);
    if (order->cancels) later(regret, [=, this] { cancel(order, 10); });
    if (order->follows) follow(order, streams_.emplace_back(order, std::make_shared<Stream>()).second);
    later(std::chrono::milliseconds(2'000), [=, this] { look(order, 1 + static_cast<int>(dice_.below(4))); });
}

void Clients::cancel(const OrderPtr& order, int tries) {
    Attempt attempt;
    attempt.kind = AttemptKind::cancel;
    attempt.order = order->id;
    const auto number = begin_attempt(std::move(attempt));
    trace_.note("clients", "{} is cancelled", order->key);
    auto exchange =
        request(net::Method::post, "/v1/orders/" + order->id->to_string() + "/cancel", R"({"reason":"customer"})");
    send(std::move(exchange), [this, order, tries, number](const Reply& reply) {
        auto& entry = history_.attempts[number];
        entry.end = clock_.wall();
        entry.outcome = outcome_of(reply);
        entry.http_status = reply.answer ? static_cast<int>(reply.answer->status) : 0;
        trace_.note("clients", "cancel of {}: {}", order->key, entry.http_status);
        if (entry.http_status == 404 || entry.http_status == 410 || entry.http_status == 500) {
            complain("the cancel of " + order->key + " was answered " + std::to_string(entry.http_status));
        }
        const bool again = !reply.answer || reply.answer->status >= 500;
        if (again && tries > 1) later(std::chrono::milliseconds(5'000), [=, this] { cancel(order, tries - 1); });
    });
}

void Clients::look(const OrderPtr& order, int times) {
    const auto at_least = sightings_[*order->id].version;
    send(request(net::Method::get, "/v1/orders/" + order->id->to_string()), [=, this](const Reply& reply) {
        looked(order, at_least, reply);
        if (times > 1 && !winding_up_) {
            later(std::chrono::milliseconds(20'000), [=, this] { look(order, times - 1); });
        }
    });
}

void Clients::looked(const OrderPtr& order, std::int64_t at_least, const Reply& reply) {
    if (!reply.answer || reply.answer->status == 503) return;
    const auto id = order->id->to_string();
    if (reply.answer->status != 200) {
        return complain(id + " was acknowledged and its page says " + std::to_string(reply.answer->status));
    }
    const auto body = parsed(reply.answer->body);
    const auto version = number_of(body.find("version"));
    const auto status = text_of(body.find("status"));
    if (version < at_least) {
        complain(fmt::format("{} was seen at version {} and is at {} now", id, at_least, version));
    }
    auto& seen = sightings_[*order->id];
    seen.version = std::max(seen.version, version);
    if (version == 0) return;
    const auto [known, is_new] = seen.statuses.emplace(version, status);
    if (!is_new && known->second != status) {
        complain(fmt::format("{} at version {} was {} and is {} now", id, version, known->second, status));
    }
}

void Clients::follow(const OrderPtr& order, const std::shared_ptr<Stream>& stream) {
    auto exchange = request(net::Method::get, "/v1/orders/" + order->id->to_string() + "/stream");
    exchange->fields.emplace_back("Last-Event-ID", std::to_string(stream->last));
    const auto number = ++stream->request;
    const auto again = [=, this] {
        stream->open = false;
        if (!winding_up_) later(std::chrono::milliseconds(4'000), [=, this] { follow(order, stream); });
    };
    exchange->streamed = [=, this, line = exchange->line, stop = exchange->stop,
                          connection = connection_](std::optional<std::string> piece) {
        bring(*line, [=, this]() mutable {
            if (!stream->open || stream->request != number || connection != connection_) return;
            if (!piece) return again();
            if (!mischief_.strikes(Fault::answer_lost)) return followed(order, *stream, *piece);
            stop.request_stop();
            again();
        });
    };
    send(exchange, [=, this, connection = connection_](const Reply& reply) {
        stream->open = reply.answer && reply.answer->status == 200 && connection == connection_;
        if (stream->open) return;
        exchange->stop.request_stop();
        again();
    });
}

// Each event names the version that it made; none may be missing.
void Clients::followed(const OrderPtr& order, Stream& stream, const std::string& piece) {
    const auto id = order->id->to_string();
    auto& seen = sightings_[*order->id];
    for (std::size_t at = piece.find("id: "); at != std::string::npos; at = piece.find("\nid: ", at)) {
        at += piece[at] == '\n' ? 5 : 4;
        std::int64_t version = 0;
        std::from_chars(piece.data() + at, piece.data() + piece.size(), version);
        const auto name_at = piece.find("event: ", at) + 7;
        const auto name = piece.substr(name_at, piece.find('\n', name_at) - name_at);
        trace_.note("clients", "{} is told {} {}", id, version, name);
        if (version != stream.last + 1) {
            complain(fmt::format("the stream of {} goes from {} to {}", id, stream.last, version));
        }
        stream.last = version;
        seen.version = std::max(seen.version, version);
        const auto [known, is_new] = seen.events.emplace(version, name);
        if (!is_new && known->second != name) {
            complain(fmt::format("event {} of {} was {} and is {} now", version, id, known->second, name));
        }
    }
}

void Clients::check_shelf(int times) {
    send(request(net::Method::get, "/v1/products"), [=, this](const Reply& reply) {
        if (reply.answer && reply.answer->status == 200) {
            const auto body = parsed(reply.answer->body);
            const auto* data = body.find("data");
            if (data == nullptr || data->array() == nullptr) return complain("the shelf cannot be read");
            for (const auto& product : *data->array()) {
                if (number_of(product.find("available")) < 0)
                    complain("less than nothing is left: " + reply.answer->body);
            }
        }
        if (times > 1 && !winding_up_) later(std::chrono::milliseconds(30'000), [=, this] { check_shelf(times - 1); });
    });
}

}  // namespace orderflow::simulation
