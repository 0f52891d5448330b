#include "libs/payments/simulated_effects.hpp"

#include <charconv>
#include <utility>

#include "libs/base/safeguard.hpp"

namespace orderflow::payments {
namespace {

using orders::ChargeRequest;
using orders::EffectOutcome;
using orders::EffectState;
using orders::PaymentMode;
using orders::RefundRequest;

constexpr std::int64_t flaky_failures = 2;

EffectOutcome outcome_of(const ProviderEffect& effect) {
    const auto reference = "sim_" + std::to_string(effect.number);
    // A charge that was voided answers as a decline for ever.
    const bool never_charged = effect.kind == EffectKind::charge && effect.state == EffectState::voided;
    auto outcome = never_charged ? EffectOutcome(EffectState::declined, reference, "voided")
                                 : EffectOutcome(effect.state, reference, effect.code);
    outcome.amount = effect.amount;
    return outcome;
}

bool is_final(const ProviderEffect& effect) { return effect.state != EffectState::started; }

// What a charge comes to, and what the caller hears of it.
struct Verdict {
    EffectState state = EffectState::captured;
    std::string code;
    std::optional<std::string> reference;
    const char* unavailable = nullptr;  // the error code instead of the answer
};

Verdict judge_token(const std::string& token, std::int64_t call) {
    if (token == "tok_ok" || token == "tok_slow") return {};
    if (token == "tok_declined") return {EffectState::declined, "card-declined", {}};
    if (token == "tok_unknown") return {EffectState::captured, {}, {}, "payment.outcome_unknown"};
    if (token == "tok_flaky") {
        if (call <= flaky_failures) return {EffectState::started, {}, {}, "payment.unavailable"};
        return {};
    }
    return {EffectState::declined, "unknown-token", {}};
}

std::string reference_of(const orders::PaymentMethod& method) {
    return method.provider.value_or("") + "/" + method.reference.value_or("");
}

// What "auth_2500_EUR..." says; nothing for any other text.
std::optional<orders::Money> authorized_by(std::string_view reference) {
    constexpr std::string_view prefix = "auth_";
    if (!reference.starts_with(prefix)) return std::nullopt;
    reference.remove_prefix(prefix.size());
    std::int64_t minor = 0;
    const auto [end, wrong] = std::from_chars(reference.data(), reference.data() + reference.size(), minor);
    reference.remove_prefix(static_cast<std::size_t>(end - reference.data()));
    if (wrong != std::errc() || !reference.starts_with('_')) return std::nullopt;
    const auto currency = orders::Currency::parse(reference.substr(1, 3));
    return currency ? std::optional(orders::Money(minor, *currency)) : std::nullopt;
}

Result<Verdict> judge_preauthorization(PaymentLedger& ledger, const ChargeRequest& request) {
    if (!request.method.reference) return Verdict{EffectState::declined, "unknown-reference", {}};
    auto reference = reference_of(request.method);
    auto owner = ledger.captured_by_reference(reference);
    if (!owner) return fail(std::move(owner).error());
    if (*owner && safeguard(Safeguard::reference_once)) return Verdict{EffectState::declined, "reference-used", {}};
    return Verdict{EffectState::captured, {}, std::move(reference)};
}

Result<Verdict> judge(PaymentLedger& ledger, const ChargeRequest& request, std::int64_t call) {
    if (request.method.mode == PaymentMode::preauthorized) return judge_preauthorization(ledger, request);
    return judge_token(request.method.token.value_or(""), call);
}

std::optional<Error> refusal(const ChargeRequest& request) {
    if (request.amount.minor <= 0) {
        return Error(ErrorKind::invalid_input, "payment.amount", "An amount to charge is above zero.");
    }
    if (request.method.mode == PaymentMode::invoice) {
        return Error(ErrorKind::invalid_input, "payment.mode_not_chargeable", "An invoice is not charged.");
    }
    return std::nullopt;
}

std::unexpected<Error> key_reused() {
    return fail(ErrorKind::invalid_input, "payment.key_reused", "The effect key belongs to another request.");
}

template <class Request>
bool same_request(const ProviderEffect& effect, EffectKind kind, const Request& request) {
    return effect.kind == kind && effect.order == request.order && effect.amount == request.amount;
}

}  // namespace

Answered<EffectOutcome> charge_in(PaymentLedger& ledger, const ChargeRequest& request, WallTime now) {
    using Answer = Result<EffectOutcome>;
    if (auto refused = refusal(request)) return Answer(fail(*std::move(refused)));
    auto known = ledger.find(request.key);
    if (!known) return fail(std::move(known).error());
    if (*known && !same_request(**known, EffectKind::charge, request)) return Answer(key_reused());
    if (*known && is_final(**known) && safeguard(Safeguard::effect_once)) return Answer(outcome_of(**known));

    ProviderEffect effect = *known
                                ? **std::move(known)
                                : ProviderEffect(request.key, EffectKind::charge, request.order, request.amount, now);
    ++effect.calls;
    auto verdict = judge(ledger, request, effect.calls);
    if (!verdict) return fail(std::move(verdict).error());
    effect.state = verdict->state;
    effect.code = std::move(verdict->code);
    effect.reference = std::move(verdict->reference);
    if (auto saved = ledger.save(effect); !saved) return fail(std::move(saved).error());
    if (verdict->unavailable != nullptr) {
        return Answer(fail(ErrorKind::unavailable, verdict->unavailable, "The token asked for this answer."));
    }
    return Answer(outcome_of(effect));
}

Answered<std::optional<EffectOutcome>> find_in(PaymentLedger& ledger, const orders::EffectKey& key) {
    using Answer = Result<std::optional<EffectOutcome>>;
    auto known = ledger.find(key);
    if (!known) return fail(std::move(known).error());
    if (!*known || !is_final(**known)) return Answer(std::nullopt);
    return Answer(outcome_of(**known));
}

Answered<std::optional<orders::Authorization>> authorization_in(PaymentLedger& ledger, const ChargeRequest& request) {
    using Answer = Result<std::optional<orders::Authorization>>;
    const auto& reference = request.method.reference;
    if (!reference || reference->starts_with("auth_unknown")) return Answer(std::nullopt);
    auto owner = ledger.captured_by_reference(reference_of(request.method));
    if (!owner) return fail(std::move(owner).error());
    orders::Authorization known;
    known.amount = authorized_by(*reference);
    if (*owner) known.captured_by = (*owner)->key;
    return Answer(std::move(known));
}

Answered<EffectOutcome> refund_in(PaymentLedger& ledger, const RefundRequest& request, WallTime now) {
    using Answer = Result<EffectOutcome>;
    if (request.amount.minor <= 0) {
        return Answer(fail(ErrorKind::invalid_input, "payment.amount", "An amount to refund is above zero."));
    }
    auto known = ledger.find(request.key);
    if (!known) return fail(std::move(known).error());
    if (*known && !same_request(**known, EffectKind::refund, request)) return Answer(key_reused());
    if (*known) return Answer(outcome_of(**known));

    auto found = ledger.find(request.charge);
    if (!found) return fail(std::move(found).error());
    if (*found && !same_request(**found, EffectKind::charge, request)) return Answer(key_reused());
    ProviderEffect charge =
        *found ? **std::move(found)
               : ProviderEffect(request.charge, EffectKind::charge, request.order, request.amount, now);
    ProviderEffect refund(request.key, EffectKind::refund, request.order, request.amount, now);
    refund.calls = 1;
    refund.state = charge.state == EffectState::captured ? EffectState::refunded : EffectState::voided;
    if (!is_final(charge)) {
        charge.state = EffectState::voided;
        if (auto saved = ledger.save(charge); !saved) return fail(std::move(saved).error());
    }
    if (auto saved = ledger.save(refund); !saved) return fail(std::move(saved).error());
    return Answer(outcome_of(refund));
}

Answered<bool> is_slow_in(PaymentLedger& ledger, const ChargeRequest& request) {
    if (request.method.mode != PaymentMode::token || request.method.token != "tok_slow") return Result<bool>(false);
    auto known = ledger.find(request.key);
    if (!known) return fail(std::move(known).error());
    return Result<bool>(!*known || !is_final(**known));
}

}  // namespace orderflow::payments
