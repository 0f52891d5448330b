#include "libs/payments/http_payment_codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "libs/json/parse.hpp"
#include "libs/json/writer.hpp"

namespace orderflow::payments {
namespace {

using orders::EffectOutcome;
using orders::EffectState;
using Kind = PaymentCall::Kind;

constexpr json::ParseLimits parse_limits{.bytes = payment_answer_bytes_max, .depth = 8};
constexpr std::size_t reference_bytes_max = 255;
constexpr std::size_t code_bytes_max = 64;

void write_text(json::Writer& out, std::string_view name, const std::optional<std::string>& text) {
    if (text) out.key(name).string(*text);
}

void write_amount(json::Writer& out, const orders::Money& amount) {
    out.key("amount").integer(amount.minor).key("currency").string(amount.currency.code());
}

PaymentAnswer unknown(const PaymentCall& call, std::string detail) {
    const auto* code = call.kind == Kind::find ? "payment.unavailable" : "payment.outcome_unknown";
    return PaymentAnswer(fail(ErrorKind::unavailable, code, std::move(detail)), true);
}

PaymentAnswer nothing_happened(std::string detail) {
    return PaymentAnswer(fail(ErrorKind::unavailable, "payment.unavailable", std::move(detail)), true);
}

bool is_code(std::string_view text) {
    return !text.empty() && text.size() <= code_bytes_max && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    });
}

bool is_reference(std::string_view text) {
    return !text.empty() && text.size() <= reference_bytes_max &&
           std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

std::optional<std::string_view> text_of(const json::Value& object, std::string_view name) {
    const auto* member = object.find(name);
    const auto* text = member != nullptr ? member->string() : nullptr;
    return text != nullptr ? std::optional(*text) : std::nullopt;
}

// A refund key is told by its form: find has nothing else to tell it by.
bool is_about_a_charge(const PaymentCall& call) {
    if (call.kind == Kind::find) return !call.key.value.ends_with(":refund");
    return call.kind == Kind::charge;
}

std::optional<EffectState> state_of(const PaymentCall& call, std::string_view text) {
    if (is_about_a_charge(call)) {
        if (text == "captured") return EffectState::captured;
        if (text == "declined") return EffectState::declined;
    } else {
        if (text == "refunded") return EffectState::refunded;
        if (text == "voided") return EffectState::voided;
    }
    return std::nullopt;
}

std::optional<orders::Money> money_of(const json::Value& effect) {
    const auto* member = effect.find("amount");
    const auto number = member != nullptr ? member->number() : std::nullopt;
    const auto code = text_of(effect, "currency");
    if (!number || !code) return std::nullopt;
    const auto minor = number->to_int64();
    const auto currency = orders::Currency::parse(*code);
    if (!minor || *minor < 0 || !currency) return std::nullopt;
    return orders::Money(*minor, *currency);
}

// Or what is wrong with it.
std::expected<EffectOutcome, const char*> read_effect(const PaymentCall& call, std::string_view body) {
    const auto document = json::parse(body, parse_limits);
    if (!document || document->root().object() == nullptr) return std::unexpected("the answer is no JSON object");
    const auto& effect = document->root();
    if (effect.repeats_a_name()) return std::unexpected("a member of the answer stands there twice");
    if (text_of(effect, "key") != call.key.value) return std::unexpected("the answer is about another key");
    const auto said = text_of(effect, "state");
    const auto state = said ? state_of(call, *said) : std::nullopt;
    if (!state) return std::unexpected("the answer has no state that this call can have");
    const auto amount = money_of(effect);
    if (!amount) return std::unexpected("the answer has no amount in a currency");
    const auto reference = text_of(effect, "reference");
    if (!reference || !is_reference(*reference)) return std::unexpected("the answer has no reference");
    EffectOutcome outcome(*state, std::string(*reference));
    outcome.amount = amount;
    if (*state != EffectState::declined) return outcome;
    const auto code = text_of(effect, "code");
    if (!code || !is_code(*code)) return std::unexpected("the answer declines without a code");
    outcome.code = *code;
    return outcome;
}

// The code of problem+json, when it has one.
std::string code_in(std::string_view body) {
    const auto document = json::parse(body, parse_limits);
    const auto code = document ? text_of(document->root(), "code") : std::nullopt;
    return code && is_code(*code) ? std::string(*code) : std::string();
}

PaymentAnswer refused(const PaymentCall& call, int status, std::string_view body) {
    const auto code = code_in(body);
    auto detail = fmt::format("HTTP status {}{}{}.", status, code.empty() ? "" : ", ", code);
    switch (status) {
        case 404:
            if (call.kind == Kind::find && code == "effect-unknown") return PaymentAnswer(std::nullopt);
            [[fallthrough]];
        case 401:
        case 403:
        case 405:
        case 410: return PaymentAnswer(fail(ErrorKind::unauthorized, "payment.misconfigured", std::move(detail)));
        case 409: return unknown(call, std::move(detail));
        case 408:
        case 425:
        case 429: return nothing_happened(std::move(detail));
        default: return PaymentAnswer(fail(ErrorKind::invalid_input, "payment.request_refused", std::move(detail)));
    }
}

}  // namespace

PaymentCall charge_call(const orders::ChargeRequest& request) {
    PaymentCall call(Kind::charge, request.key, "/charges");
    json::Writer out;
    out.begin_object().key("key").string(request.key.value).key("order").string(request.order.to_string());
    write_amount(out, request.amount);
    out.key("payment").begin_object().key("mode").string(to_string(request.method.mode));
    write_text(out, "token", request.method.token);
    write_text(out, "provider", request.method.provider);
    write_text(out, "reference", request.method.reference);
    out.end_object().end_object();
    call.body = std::move(out).take();
    call.amount = request.amount;
    return call;
}

PaymentCall refund_call(const orders::RefundRequest& request) {
    PaymentCall call(Kind::refund, request.key, "/refunds");
    json::Writer out;
    out.begin_object().key("key").string(request.key.value).key("charge").string(request.charge.value);
    out.key("order").string(request.order.to_string());
    write_amount(out, request.amount);
    out.end_object();
    call.body = std::move(out).take();
    call.amount = request.amount;
    return call;
}

PaymentCall find_call(const orders::EffectKey& key) { return {Kind::find, key, "/effects/" + key.value}; }

PaymentAnswer answer_of(const PaymentCall& call, int status, std::string_view body) {
    if (status == 200) {
        auto effect = read_effect(call, body);
        if (!effect) return unknown(call, effect.error());
        return PaymentAnswer(*std::move(effect));
    }
    if (status >= 400 && status < 500) return refused(call, status, body);
    auto detail = fmt::format("HTTP status {}.", status);
    if (status >= 300 && status < 400) {
        return PaymentAnswer(fail(ErrorKind::unauthorized, "payment.misconfigured", std::move(detail)));
    }
    return unknown(call, std::move(detail));
}

PaymentAnswer no_answer(const PaymentCall& call, bool was_sent, std::string detail) {
    return was_sent ? unknown(call, std::move(detail)) : nothing_happened(std::move(detail));
}

}  // namespace orderflow::payments
