#include "tests/payments/sample_provider.hpp"

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <utility>

#include "libs/async/sleep.hpp"
#include "libs/base/thread_executor.hpp"
#include "libs/crypto/webhook_keys.hpp"
#include "libs/json/parse.hpp"
#include "libs/json/writer.hpp"
#include "libs/net/http_observer.hpp"
#include "libs/net/http_server.hpp"
#include "libs/payments/simulated_payment_provider.hpp"

namespace orderflow::payments {
namespace {

using orders::EffectOutcome;
using orders::EffectState;
using Answered = Result<EffectOutcome>;

constexpr std::array rolled{SampleFault::busy,           SampleFault::error_before,  SampleFault::error_after,
                            SampleFault::silence_before, SampleFault::silence_after, SampleFault::truncated_after,
                            SampleFault::slow,           SampleFault::twice};
constexpr json::ParseLimits body_limits{.bytes = 64 * 1024, .depth = 8};

std::string_view to_text(EffectState state) {
    switch (state) {
        case EffectState::started: return "started";
        case EffectState::captured: return "captured";
        case EffectState::declined: return "declined";
        case EffectState::refunded: return "refunded";
        case EffectState::voided: return "voided";
    }
    return "";
}

std::string effect_json(const orders::EffectKey& key, const EffectOutcome& outcome) {
    json::Writer out;
    out.begin_object().key("key").string(key.value).key("state").string(to_text(outcome.state));
    out.key("amount").integer(outcome.amount.value().minor);
    out.key("currency").string(outcome.amount->currency.code());
    out.key("reference").string(outcome.reference);
    if (outcome.state == EffectState::declined) out.key("code").string(outcome.code);
    out.end_object();
    return std::move(out).take();
}

net::Response to_response(const orders::EffectKey& key, const Answered& answered) {
    if (answered) return net::Response::json(200, effect_json(key, *answered));
    const auto& error = answered.error();
    if (error.code() == "payment.key_reused") return net::problem(422, "key-reused", "Another request has this key.");
    if (error.kind() == ErrorKind::invalid_input) return net::problem(422, "not-chargeable", "It cannot be done.");
    if (error.code() == "payment.outcome_unknown") return net::problem(500, "internal", "The token asked for it.");
    return net::problem(503, "unavailable", "Nothing happened.");
}

std::optional<std::string> text_of(const json::Value& object, std::string_view name) {
    const auto* member = object.find(name);
    const auto* text = member != nullptr ? member->string() : nullptr;
    return text != nullptr ? std::optional(std::string(*text)) : std::nullopt;
}

// What both calls say.
struct Asked {
    Asked(orders::EffectKey k, orders::OrderId o, orders::Money a) : key(std::move(k)), order(o), amount(a) {}
    orders::EffectKey key;
    orders::OrderId order;
    orders::Money amount;
};

std::optional<Asked> read_asked(const json::Value& body) {
    const auto key = text_of(body, "key");
    const auto order = orders::OrderId::parse(text_of(body, "order").value_or(""));
    const auto currency = orders::Currency::parse(text_of(body, "currency").value_or(""));
    const auto* amount = body.find("amount");
    const auto number = amount != nullptr ? amount->number() : std::nullopt;
    const auto minor = number ? number->to_int64() : fail(ErrorKind::invalid_input, "missing");
    if (!key || !order || !currency || !minor) return std::nullopt;
    return Asked({*key}, *order, {*minor, *currency});
}

std::optional<orders::ChargeRequest> read_charge(const json::Value& body) {
    const auto asked = read_asked(body);
    const auto* payment = body.find("payment");
    if (!asked || payment == nullptr) return std::nullopt;
    orders::PaymentMethod method;
    const auto mode = text_of(*payment, "mode");
    if (mode == "preauthorized") method.mode = orders::PaymentMode::preauthorized;
    if (mode == "invoice") method.mode = orders::PaymentMode::invoice;
    method.token = text_of(*payment, "token");
    method.provider = text_of(*payment, "provider");
    method.reference = text_of(*payment, "reference");
    return orders::ChargeRequest(asked->key, asked->order, asked->amount, std::move(method));
}

std::optional<orders::RefundRequest> read_refund(const json::Value& body) {
    const auto asked = read_asked(body);
    const auto charge = text_of(body, "charge");
    if (!asked || !charge) return std::nullopt;
    return orders::RefundRequest(asked->key, {*charge}, asked->order, asked->amount);
}

// The question needs no order and no amount.
std::optional<orders::ChargeRequest> read_authorization(const json::Value& body) {
    const auto key = text_of(body, "key");
    if (!key) return std::nullopt;
    orders::PaymentMethod method;
    method.mode = orders::PaymentMode::preauthorized;
    method.provider = text_of(body, "provider");
    method.reference = text_of(body, "reference");
    return orders::ChargeRequest({*key}, {}, {0, orders::Currency::parse("EUR").value()}, std::move(method));
}

std::string authorization_json(const orders::EffectKey& key, const orders::Authorization& known) {
    json::Writer out;
    out.begin_object().key("key").string(key.value);
    if (known.amount) out.key("amount").integer(known.amount->minor);
    if (known.amount) out.key("currency").string(known.amount->currency.code());
    if (known.captured_by) out.key("captured_by").string(known.captured_by->value);
    out.end_object();
    return std::move(out).take();
}

[[noreturn]] void end_because_of_disk(const Error& error) {
    std::fprintf(stderr, "sample payment provider: its ledger failed: %s\n", error.code().c_str());
    std::abort();
}

template <class T>
T or_throw(Result<T> result) {
    if (!result)
        throw std::runtime_error("sample payment provider: " + result.error().code() + " " + result.error().detail());
    return *std::move(result);
}

}  // namespace

std::string_view to_string(SampleFault fault) {
    switch (fault) {
        case SampleFault::none: return "none";
        case SampleFault::busy: return "busy";
        case SampleFault::error_before: return "error-before";
        case SampleFault::error_after: return "error-after";
        case SampleFault::silence_before: return "silence-before";
        case SampleFault::silence_after: return "silence-after";
        case SampleFault::truncated_after: return "truncated-after";
        case SampleFault::slow: return "slow";
        case SampleFault::twice: return "twice";
        case SampleFault::refusal: return "refusal";
    }
    return "";
}

void SampleFaults::inject(SampleFault fault, unsigned times) {
    const std::lock_guard lock(mutex_);
    asked_for_.insert(asked_for_.end(), times, fault);
}

void SampleFaults::roll(unsigned percent, std::uint64_t seed) {
    const std::lock_guard lock(mutex_);
    percent_ = percent;
    dice_.seed(seed);
}

SampleFault SampleFaults::next() {
    const std::lock_guard lock(mutex_);
    if (!asked_for_.empty()) {
        const auto fault = asked_for_.front();
        asked_for_.pop_front();
        return fault;
    }
    if (percent_ == 0 || dice_() % 100 >= percent_) return SampleFault::none;
    return rolled[dice_() % rolled.size()];
}

struct SampleProvider::State {
    State(const Clock& c, Entropy& entropy, const SampleProviderOptions& o)
        : clock(c),
          options(o),
          keys(or_throw(crypto::WebhookKeys::parse(o.secrets))),
          ledger_thread(c, "sample-ledger"),
          engine(or_throw(SimulatedPaymentProvider::open(o.ledger, ledger_thread, c, simulated()))),
          loop(c, 1, "sample-payments"),
          router(routes()),
          server({.runtime = loop, .clock = c, .entropy = entropy, .router = router, .observer = observer},
                 {.handler_time = o.silence + 10s}) {}

    static SimulatedOptions simulated() {
        SimulatedOptions result;
        result.pace = 0ms;
        result.slow_delay = 300ms;
        result.on_fatal = end_because_of_disk;
        return result;
    }

    std::vector<net::Route> routes() {
        const std::string base(base_path);
        return {{.method = net::Method::post,
                 .pattern = base + "/charges",
                 .handler = [this](const net::Request& request) { return charge(*this, request); },
                 .name = "charge"},
                {.method = net::Method::post,
                 .pattern = base + "/refunds",
                 .handler = [this](const net::Request& request) { return refund(*this, request); },
                 .name = "refund"},
                {.method = net::Method::post,
                 .pattern = base + "/authorizations",
                 .handler = [this](const net::Request& request) { return authorization(*this, request); },
                 .name = "authorization"},
                {.method = net::Method::get,
                 .pattern = base + "/effects/{key}",
                 .handler = [this](const net::Request& request) { return find(*this, request); },
                 .name = "find"}};
    }

    bool is_ours(const net::Request& request) const {
        const crypto::WebhookFields fields{.id = request.field(crypto::webhook_id_field).value_or(""),
                                           .timestamp = request.field(crypto::webhook_timestamp_field).value_or(""),
                                           .signature = request.field(crypto::webhook_signature_field).value_or("")};
        return keys.verify(fields, request.body, clock.wall()).has_value();
    }

    // The state and a request outlive their handlers.
    static task<net::Response> charge(State& self, const net::Request& request) {
        if (!self.is_ours(request)) co_return net::problem(401, "signature-wrong", "The signature is not good.");
        const auto body = json::parse(request.body, body_limits);
        const auto asked = body ? read_charge(*body) : std::nullopt;
        if (!asked) co_return net::problem(400, "malformed", "It is no charge.");
        if (asked->method.token == "tok_refused") co_return net::problem(422, "refused", "It can never be done.");
        const auto act = [&self, &asked] { return self.engine->charge(*asked); };
        co_return co_await self.perform(request, asked->key, act);
    }
    static task<net::Response> refund(State& self, const net::Request& request) {
        if (!self.is_ours(request)) co_return net::problem(401, "signature-wrong", "The signature is not good.");
        const auto body = json::parse(request.body, body_limits);
        const auto asked = body ? read_refund(*body) : std::nullopt;
        if (!asked) co_return net::problem(400, "malformed", "It is no refund.");
        const auto act = [&self, &asked] { return self.engine->refund(*asked); };
        co_return co_await self.perform(request, asked->key, act);
    }
    static task<net::Response> authorization(State& self, const net::Request& request) {
        if (!self.is_ours(request)) co_return net::problem(401, "signature-wrong", "The signature is not good.");
        const auto body = json::parse(request.body, body_limits);
        const auto asked = body ? read_authorization(*body) : std::nullopt;
        if (!asked) co_return net::problem(400, "malformed", "It asks for nothing.");
        const auto known = co_await self.engine->authorization(*asked);
        if (!known) co_return net::problem(503, "unavailable", "Nothing happened.");
        if (!*known) co_return net::problem(404, "authorization-unknown", "There is none.");
        co_return net::Response::json(200, authorization_json(asked->key, **known));
    }
    static task<net::Response> find(State& self, const net::Request& request) {
        if (!self.is_ours(request)) co_return net::problem(401, "signature-wrong", "The signature is not good.");
        const orders::EffectKey key{std::string(request.param("key"))};
        const auto found = co_await self.engine->find(key);
        if (!found) co_return net::problem(503, "unavailable", "Nothing happened.");
        if (!*found) co_return net::problem(404, "effect-unknown", "This key was never used.");
        co_return net::Response::json(200, effect_json(key, **found));
    }

    // `act` makes the task that moves the money, as often as it is called; it outlives the call.
    template <class Act>
    task<net::Response> perform(const net::Request& request, orders::EffectKey key, const Act& act) {
        if (request.field("idempotency-key") != key.value) {
            co_return net::problem(400, "idempotency-key-missing", "Key and header are not the same.");
        }
        ++calls;
        note_trace(request);
        const auto fault = faults.next();
        switch (fault) {
            case SampleFault::busy: co_return net::problem(503, "busy", "Nothing happened.").field("Retry-After", "0");
            case SampleFault::error_before: co_return net::problem(500, "internal", "Nothing happened, perhaps.");
            case SampleFault::refusal: co_return net::problem(422, "refused", "It can never be done.");
            case SampleFault::silence_before: co_return co_await say_nothing(request);
            case SampleFault::slow:
                co_await sleep_until(*request.loop, clock.now() + options.slow_time, request.stop);
                break;
            case SampleFault::twice: (void)co_await act(); break;
            case SampleFault::none:
            case SampleFault::error_after:
            case SampleFault::silence_after:
            case SampleFault::truncated_after: break;
        }
        auto response = to_response(key, co_await act());
        if (fault == SampleFault::error_after) co_return net::problem(500, "internal", "It happened all the same.");
        if (fault == SampleFault::silence_after) co_return co_await say_nothing(request);
        if (fault == SampleFault::truncated_after) response.body.resize(response.body.size() / 2);
        co_return response;
    }

    void note_trace(const net::Request& request) {
        const std::lock_guard lock(mutex);
        traceparent = request.field("traceparent").value_or("");
    }

    task<net::Response> say_nothing(const net::Request& request) {
        co_await sleep_until(*request.loop, clock.now() + options.silence, request.stop);
        co_return net::problem(504, "silence", "Nobody waits for this any more.");
    }

    const Clock& clock;
    SampleProviderOptions options;
    crypto::WebhookKeys keys;
    SampleFaults faults;
    std::atomic<std::uint64_t> calls = 0;
    std::mutex mutex;
    std::string traceparent;  // under `mutex`
    ThreadExecutor ledger_thread;
    std::unique_ptr<SimulatedPaymentProvider> engine;
    net::Runtime loop;
    net::Router router;
    net::HttpObserver observer;
    net::HttpServer server;
};

SampleProvider::SampleProvider(const Clock& clock, Entropy& entropy, const SampleProviderOptions& options)
    : state_(std::make_unique<State>(clock, entropy, options)) {
    if (auto listening = state_->server.listen(options.listen); !listening) {
        throw std::runtime_error("sample payment provider: " + listening.error().code());
    }
    state_->loop.start();
    state_->server.start();
}

SampleProvider::~SampleProvider() {
    state_->server.stop(0s);
    state_->loop.stop();
    state_->ledger_thread.stop();
}

net::ListenAddress SampleProvider::bound() const { return state_->server.bound(); }
std::string SampleProvider::url() const { return "http://" + bound().to_string() + std::string(base_path); }
SampleFaults& SampleProvider::faults() { return state_->faults; }
std::uint64_t SampleProvider::calls() const { return state_->calls; }
std::string SampleProvider::last_traceparent() const {
    const std::lock_guard lock(state_->mutex);
    return state_->traceparent;
}

}  // namespace orderflow::payments
