// Goal: over a real socket the `http` provider keeps the promise of its port, whatever the endpoint and the network do.
// Method: the contract suite against SampleProvider; then faults of that, and answers that no good endpoint gives, one
// by one, with what the caller is told and how often the money was moved.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "libs/net/ascii.hpp"
#include "libs/payments/http_payment_provider.hpp"
#include "libs/payments/payment_ledger.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/temp_dir.hpp"
#include "tests/contract/payment_provider_contract.hpp"
#include "tests/integration/http_pool_rig.hpp"
#include "tests/payments/sample_provider.hpp"

namespace orderflow::payments {
namespace {

namespace samples = orders::samples;
using net::LoopRig;
using net::ReactingServer;
using net::Reaction;
using orders::EffectOutcome;
using orders::EffectState;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr auto secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

crypto::WebhookKeys keys() { return crypto::WebhookKeys::parse(secret).value(); }
net::Url url_of(const std::string& text) { return net::Url::parse(text).value(); }

HttpPaymentPolicy quick() {
    HttpPaymentPolicy policy;
    policy.pause_first = 1ms;
    policy.pause_max = 5ms;
    return policy;
}
// So that the first failure is the caller's.
HttpPaymentPolicy once() {
    auto policy = quick();
    policy.attempts = 1;
    return policy;
}

orders::ChargeRequest charge_of(std::uint32_t order, orders::PaymentMethod method = samples::token("tok_ok")) {
    const auto id = samples::order_id(order);
    return {orders::charge_effect(id), id, orders::Money(2500, samples::eur()), std::move(method)};
}

// SampleProvider with its ledger, and the adapter before it.
class Rig {
  public:
    explicit Rig(HttpPaymentPolicy policy, std::string secrets = secret)
        : policy_(policy), secrets_(std::move(secrets)) {
        restart();
    }
    ~Rig() { pool_->close_idle(); }
    Rig(const Rig&) = delete;
    Rig& operator=(const Rig&) = delete;

    LoopRig& loop() { return loop_; }
    HttpPaymentProvider& provider() { return *provider_; }
    SampleProvider& sample() { return *sample_; }
    void restart() {
        stop();
        SampleProviderOptions options;
        options.ledger = dir_ / "ledger.db";
        options.secrets = secret;
        options.listen = net::ListenAddress::parse("127.0.0.1:0").value();
        sample_.emplace(clock_, server_entropy_, options);
        provider_.reset();
        provider_.emplace(HttpPaymentProvider::Parts{*pool_, loop_.timers(), clock_, entropy_}, url_of(sample_->url()),
                          crypto::WebhookKeys::parse(secrets_).value(), policy_);
    }
    void stop() {
        if (sample_) sample_.reset();
    }
    // What the provider did, when it is stopped.
    std::vector<ProviderEffect> ledger() {
        stop();
        std::vector<ProviderEffect> effects;
        EXPECT_TRUE(scan_ledger(dir_ / "ledger.db", [&](const ProviderEffect& one) { effects.push_back(one); }));
        return effects;
    }
    Result<EffectOutcome> charge(std::uint32_t order, orders::PaymentMethod method = samples::token("tok_ok")) {
        return loop_.run(provider_->charge(charge_of(order, std::move(method))));
    }

  private:
    TempDir dir_;
    SystemClock clock_;
    SeededEntropy entropy_{1};
    SeededEntropy server_entropy_{2};
    HttpPaymentPolicy policy_;
    std::string secrets_;
    std::optional<SampleProvider> sample_;
    LoopRig loop_;
    std::unique_ptr<net::HttpPool> pool_ = loop_.pool();
    std::optional<HttpPaymentProvider> provider_;
};

struct HttpSetup {
    LoopRig& loop() { return rig.loop(); }
    orders::PaymentProvider& provider() { return rig.provider(); }
    void restart() { rig.restart(); }
    static orders::PaymentMethod good() { return samples::token("tok_ok"); }
    static orders::PaymentMethod refused() { return samples::token("tok_declined"); }
    static orders::PaymentMethod unsaid() { return samples::token("tok_unknown"); }
    Rig rig{once()};
};

// What a failed call tells, and whether money moved all the same.
struct Row {
    SampleFault fault;
    const char* code;
    bool charged;
};

TEST(HttpPayments, GivenAFault_WhenChargedOnce_ThenTheErrorSaysWhatIsKnown_AndTheNextCallTellsTheTruth) {
    for (const auto& [fault, code, charged] :
         std::initializer_list<Row>{{SampleFault::busy, "payment.outcome_unknown", false},
                                    {SampleFault::error_before, "payment.outcome_unknown", false},
                                    {SampleFault::error_after, "payment.outcome_unknown", true},
                                    {SampleFault::truncated_after, "payment.outcome_unknown", true},
                                    {SampleFault::refusal, "payment.request_refused", false}}) {
        Rig rig(once());
        rig.sample().faults().inject(fault);

        const auto failed = rig.charge(1);
        const auto found = rig.loop().run(rig.provider().find(charge_of(1).key));
        const auto again = rig.charge(1);

        ASSERT_FALSE(failed) << to_string(fault);
        EXPECT_EQ(failed.error().code(), code) << to_string(fault);
        ASSERT_TRUE(found);
        EXPECT_EQ(found->has_value(), charged) << to_string(fault);
        ASSERT_TRUE(again);
        EXPECT_EQ(again->state, EffectState::captured);
        EXPECT_EQ(rig.ledger().size(), 1U) << to_string(fault);
    }
}

TEST(HttpPayments, GivenSilence_WhenTheTimeOfTheCallIsOver_ThenTheOutcomeIsUnknown) {
    for (const auto fault : {SampleFault::silence_before, SampleFault::silence_after}) {
        auto policy = quick();
        policy.call_time = policy.attempt_time = 300ms;
        Rig rig(policy);
        rig.sample().faults().inject(fault);

        const auto failed = rig.charge(1);

        ASSERT_FALSE(failed);
        EXPECT_EQ(failed.error().code(), "payment.outcome_unknown");
    }
}

TEST(HttpPayments, GivenFaultsThatPass_WhenChargedWithRepetitions_ThenItIsChargedOnceAndTheCallerHearsOfNone) {
    for (const auto fault : {SampleFault::busy, SampleFault::error_before, SampleFault::error_after,
                             SampleFault::truncated_after, SampleFault::slow, SampleFault::twice}) {
        Rig rig(quick());
        rig.sample().faults().inject(fault, 2);

        const auto charged = rig.charge(1);

        ASSERT_TRUE(charged) << to_string(fault) << " " << charged.error().code();
        EXPECT_EQ(charged->state, EffectState::captured);
        EXPECT_EQ(charged->amount, orders::Money(2500, samples::eur()));
        EXPECT_EQ(rig.ledger().size(), 1U) << to_string(fault);
    }
}

TEST(HttpPayments, GivenMoreFaultsThanAttempts_WhenCharged_ThenItEndsAndTheBudgetPays) {
    Rig rig(quick());
    rig.sample().faults().inject(SampleFault::error_before, 3);

    const auto failed = rig.charge(1);

    ASSERT_FALSE(failed);
    EXPECT_EQ(rig.sample().calls(), 3U);
    EXPECT_EQ(rig.provider().budget().left(), net::RetryBudget::capacity - 2 * net::RetryBudget::cost);
}

TEST(HttpPayments, GivenNobodyListens_WhenCharged_ThenItIsUnavailable_UnlessAnEarlierAttemptMayHaveArrived) {
    Rig rig(quick());
    rig.stop();

    const auto refused = rig.charge(1);

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), "payment.unavailable");
}

TEST(HttpPayments, GivenPreauthorizations_WhenAskedFor_ThenAmountAndUseAreTold) {
    Rig rig(quick());
    const auto ask = [&](std::uint32_t order, const char* reference) {
        return rig.loop()
            .run(rig.provider().authorization(charge_of(order, samples::preauthorized(reference))))
            .value();
    };

    EXPECT_EQ(ask(1, "auth_unknown"), std::nullopt);
    EXPECT_EQ(ask(1, "auth_2500_EUR/ä 1")->amount, orders::Money(2500, samples::eur()));
    EXPECT_EQ(ask(1, "auth-1"), orders::Authorization());
    ASSERT_TRUE(rig.charge(1, samples::preauthorized("auth-1")));
    EXPECT_EQ(ask(2, "auth-1")->captured_by, charge_of(1).key);
}

TEST(HttpPayments, GivenAnotherSecret_WhenCharged_ThenItIsTheSettingsFaultAndNotTheOrders) {
    Rig rig(quick(), "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");

    const auto failed = rig.charge(1);

    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().kind(), ErrorKind::unauthorized);
    EXPECT_EQ(failed.error().code(), "payment.misconfigured");
    EXPECT_EQ(rig.sample().calls(), 0U);
    EXPECT_TRUE(rig.ledger().empty());
}

// Answers with what a test says; its requests can be looked at.
class Odd {
  public:
    explicit Odd(ReactingServer::React react, HttpPaymentPolicy policy = once())
        : server_(loop_.loop(), std::move(react)),
          provider_({*pool_, loop_.timers(), clock_, entropy_}, url_of(server_.url("/pay/")), keys(), policy) {}
    ~Odd() { pool_->close_idle(); }
    Odd(const Odd&) = delete;
    Odd& operator=(const Odd&) = delete;

    Result<EffectOutcome> charge() { return loop_.run(provider_.charge(charge_of(1))); }
    const std::vector<std::string>& requests() const { return server_.requests(); }

  private:
    SystemClock clock_;
    SeededEntropy entropy_{1};
    LoopRig loop_;
    std::unique_ptr<net::HttpPool> pool_ = loop_.pool();
    ReactingServer server_;
    HttpPaymentProvider provider_;
};

std::string http(int status, const std::string& body, const std::string& fields = "") {
    return "HTTP/1.1 " + std::to_string(status) + " Something\r\n" + fields +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string captured_json() {
    return R"({"key":")" + charge_of(1).key.value +
           R"(","state":"captured","amount":2500,"currency":"EUR","reference":"p1"})";
}

TEST(HttpPayments, GivenACharge_WhenItArrives_ThenItIsSignedAndCarriesItsKey) {
    Odd odd([](const std::string&) { return Reaction{http(200, captured_json())}; });

    ASSERT_TRUE(odd.charge());

    const auto& request = odd.requests().front();
    const auto field = [&](const std::string& name) {
        const auto at = request.find("\r\n" + name + ": ") + name.size() + 4;
        return request.substr(at, request.find("\r\n", at) - at);
    };
    EXPECT_THAT(request, AllOf(HasSubstr("POST /pay/charges HTTP/1.1\r\n"),
                               HasSubstr("Idempotency-Key: " + charge_of(1).key.value + "\r\n"),
                               HasSubstr("Content-Type: application/json\r\n")));
    const std::string id = field("webhook-id");
    const std::string timestamp = field("webhook-timestamp");
    const std::string signature = field("webhook-signature");
    const auto body = request.substr(request.find("\r\n\r\n") + 4);
    EXPECT_TRUE(keys().verify({.id = id, .timestamp = timestamp, .signature = signature}, body, SystemClock().wall()));
}

TEST(HttpPayments, GivenAnAnswerThatIsCutAtAnyByte_WhenCharged_ThenTheOutcomeIsUnknown) {
    const auto whole = http(200, captured_json());
    for (std::size_t bytes = 0; bytes < whole.size(); bytes += 7) {
        Odd odd([&](const std::string&) { return Reaction{whole.substr(0, bytes), Reaction::Then::close}; });

        const auto failed = odd.charge();

        ASSERT_FALSE(failed);
        EXPECT_EQ(failed.error().code(), "payment.outcome_unknown") << bytes;
    }
}

TEST(HttpPayments, GivenAnAnswerWithoutEnd_WhenCharged_ThenItIsNotReadForEver) {
    Odd odd([](const std::string&) { return Reaction{http(200, std::string(64 * 1024, ' '))}; });

    const auto failed = odd.charge();

    ASSERT_FALSE(failed);
    EXPECT_THAT(failed.error().detail(), HasSubstr("http.unreadable"));
}

TEST(HttpPayments, GivenRetryAfter_WhenItIsWithinTheTimeOfTheCall_ThenItIsKept_AndElseTheCallEnds) {
    int asked = 0;
    Odd soon(
        [&](const std::string&) {
            return Reaction{++asked == 1 ? http(429, "", "Retry-After: 1\r\n") : http(200, captured_json())};
        },
        quick());
    const SystemClock clock;
    const auto before = clock.now();
    EXPECT_TRUE(soon.charge());
    EXPECT_GE(clock.now() - before, 1s);

    Odd late([](const std::string&) { return Reaction{http(429, "", "Retry-After: 600\r\n")}; }, quick());
    const auto failed = late.charge();
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code(), "payment.unavailable");
    EXPECT_EQ(late.requests().size(), 1U);
}

TEST(HttpPayments, GivenABrokenAttemptAndThenNothingButRefusals_WhenCharged_ThenTheOutcomeStaysUnknown) {
    int asked = 0;
    Odd odd(
        [&](const std::string&) {
            return ++asked == 1 ? Reaction{"", Reaction::Then::reset} : Reaction{http(429, "")};
        },
        quick());

    const auto failed = odd.charge();

    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code(), "payment.outcome_unknown");
}

}  // namespace
}  // namespace orderflow::payments

namespace orderflow::orders {
INSTANTIATE_TYPED_TEST_SUITE_P(Http, PaymentProviderContract, payments::HttpSetup);
}  // namespace orderflow::orders
