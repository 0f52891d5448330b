#include "libs/payments/simulated_payment_provider.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "libs/testing/fault_vfs.hpp"
#include "libs/testing/order_samples.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/sim_loop.hpp"
#include "libs/testing/temp_dir.hpp"
#include "tests/contract/payment_provider_contract.hpp"

namespace orderflow::payments {
namespace {

namespace samples = orders::samples;
using orders::ChargeRequest;
using orders::EffectOutcome;
using orders::EffectState;

SimulatedOptions options() {
    SimulatedOptions result;
    result.pace = 0ms;
    result.on_fatal = [](const Error& why) { ADD_FAILURE() << why.code(); };
    return result;
}

struct SimulatedSetup {
    SimulatedSetup() { restart(); }
    SimLoop& loop() { return loop_; }
    orders::PaymentProvider& provider() { return *provider_; }
    SimulatedPaymentProvider& simulated() { return *provider_; }
    void restart(std::chrono::milliseconds pace = 0ms) {
        provider_.reset();
        auto paced = options();
        paced.pace = pace;
        provider_ = SimulatedPaymentProvider::open(dir_ / "payments.db", loop_, loop_.clock(), paced).value();
    }
    static orders::PaymentMethod good() { return samples::token("tok_ok"); }
    static orders::PaymentMethod refused() { return samples::token("tok_declined"); }
    static orders::PaymentMethod unsaid() { return samples::token("tok_unknown"); }

  private:
    TempDir dir_;
    SimLoop loop_;
    std::unique_ptr<SimulatedPaymentProvider> provider_;
};

ChargeRequest charge_of(std::uint32_t order, orders::PaymentMethod method) {
    const auto id = samples::order_id(order);
    return {orders::charge_effect(id), id, orders::Money(2500, samples::eur()), std::move(method)};
}

orders::RefundRequest refund_of(std::uint32_t order) {
    const auto id = samples::order_id(order);
    return {orders::refund_effect(id), orders::charge_effect(id), id, orders::Money(2500, samples::eur())};
}

class Simulated : public ::testing::Test {
  protected:
    Result<EffectOutcome> charge(std::uint32_t order, orders::PaymentMethod method) {
        return setup.loop().run(setup.provider().charge(charge_of(order, std::move(method))));
    }
    SimulatedSetup setup;
};

task<void> keep(task<Result<EffectOutcome>> work, std::optional<Result<EffectOutcome>>& answer) {  // outlives the run
    answer.emplace(co_await std::move(work));
}

TEST_F(Simulated, GivenTokens_WhenCharged_ThenEachGetsItsAnswer) {
    EXPECT_EQ(charge(1, samples::token("tok_ok"))->state, EffectState::captured);
    EXPECT_EQ(charge(2, samples::token("tok_declined"))->code, "card-declined");
    EXPECT_EQ(charge(3, samples::token("tok_whatever"))->code, "unknown-token");
    EXPECT_EQ(charge(4, samples::invoice()).error().code(), "payment.mode_not_chargeable");
}

TEST_F(Simulated, GivenAFlakyToken_WhenCharged_ThenTheThirdCallCaptures) {
    EXPECT_EQ(charge(1, samples::token("tok_flaky")).error().code(), "payment.unavailable");
    EXPECT_EQ(setup.loop().run(setup.provider().find(charge_of(1, {}).key)).value(), std::nullopt);
    EXPECT_EQ(charge(1, samples::token("tok_flaky")).error().code(), "payment.unavailable");
    setup.restart();
    EXPECT_EQ(charge(1, samples::token("tok_flaky"))->state, EffectState::captured);
    EXPECT_EQ(charge(1, samples::token("tok_flaky"))->state, EffectState::captured);
}

TEST_F(Simulated, GivenASlowToken_WhenCharged_ThenTheAnswerTakesItsTimeOnce) {
    std::optional<Result<EffectOutcome>> answer;
    setup.loop().spawn(keep(setup.provider().charge(charge_of(1, samples::token("tok_slow"))), answer));

    setup.loop().advance(2999ms);
    EXPECT_FALSE(answer.has_value());
    setup.loop().advance(1ms);
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ((*answer)->state, EffectState::captured);

    answer.reset();
    setup.loop().spawn(keep(setup.provider().charge(charge_of(1, samples::token("tok_slow"))), answer));
    setup.loop().run_ready();
    EXPECT_TRUE(answer.has_value());
}

TEST_F(Simulated, GivenAPace_WhenASecondChargeComes_ThenItWaitsForItAndAFirstDoesNot) {
    setup.restart(5ms);
    std::optional<Result<EffectOutcome>> first;
    std::optional<Result<EffectOutcome>> second;
    setup.loop().spawn(keep(setup.provider().charge(charge_of(1, samples::token("tok_ok"))), first));
    setup.loop().run_ready();
    EXPECT_TRUE(first.has_value());

    setup.loop().spawn(keep(setup.provider().charge(charge_of(2, samples::token("tok_ok"))), second));
    setup.loop().advance(4ms);
    EXPECT_FALSE(second.has_value());
    setup.loop().advance(1ms);
    EXPECT_TRUE(second.has_value());
}

TEST_F(Simulated, GivenASlowChargeOnItsWay_WhenRefunded_ThenItIsDeclinedWhenItArrives) {
    std::optional<Result<EffectOutcome>> answer;
    setup.loop().spawn(keep(setup.provider().charge(charge_of(1, samples::token("tok_slow"))), answer));
    setup.loop().run_ready();

    const auto voided = setup.loop().run(setup.provider().refund(refund_of(1)));
    setup.loop().advance(5s);

    EXPECT_EQ(voided->state, EffectState::voided);
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ((*answer)->state, EffectState::declined);
    EXPECT_EQ((*answer)->code, "voided");
}

TEST_F(Simulated, GivenAPreauthorization_WhenAnotherOrderUsesIt_ThenThatOneIsDeclined) {
    EXPECT_EQ(charge(1, samples::preauthorized("auth-1"))->state, EffectState::captured);
    EXPECT_EQ(charge(2, samples::preauthorized("auth-1"))->code, "reference-used");
    EXPECT_EQ(charge(1, samples::preauthorized("auth-1"))->state, EffectState::captured);
    EXPECT_EQ(charge(3, samples::preauthorized("auth-2"))->state, EffectState::captured);
}

TEST_F(Simulated, GivenReferences_WhenAskedWhatTheyAuthorise_ThenTheySaySo) {
    const auto ask = [&](const std::string& reference) {
        return setup.loop()
            .run(setup.provider().authorization(charge_of(1, samples::preauthorized(reference))))
            .value();
    };
    EXPECT_EQ(ask("auth_unknown_1"), std::nullopt);
    EXPECT_EQ(ask("auth_2499_EUR_1")->amount, orders::Money(2499, samples::eur()));
    EXPECT_EQ(ask("auth_2499_GBP")->amount, orders::Money(2499, samples::gbp()));
    for (const auto* any : {"auth-1", "auth_", "auth_12", "auth_12_eu", "auth_x_EUR"}) {
        EXPECT_EQ(ask(any)->amount, std::nullopt) << any;
    }
    EXPECT_EQ(ask("auth-1")->captured_by, std::nullopt);
    ASSERT_TRUE(charge(2, samples::preauthorized("auth-1")));
    EXPECT_EQ(ask("auth-1")->captured_by, charge_of(2, {}).key);
}

TEST_F(Simulated, GivenChargesAndRefunds_WhenListed_ThenAnAuditSeesEveryEffectOnce) {
    (void)charge(1, samples::token("tok_ok"));
    (void)charge(1, samples::token("tok_ok"));
    (void)charge(2, samples::token("tok_declined"));
    (void)setup.loop().run(setup.provider().refund(refund_of(1)));

    const auto all = setup.loop().run(setup.simulated().effects(0, 100)).value();

    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0].state, EffectState::captured);
    EXPECT_EQ(all[0].amount.minor, 2500);
    EXPECT_EQ(all[0].order, samples::order_id(1));
    EXPECT_EQ(all[1].state, EffectState::declined);
    EXPECT_EQ(all[2].kind, EffectKind::refund);
    EXPECT_EQ(all[2].key, orders::refund_effect(samples::order_id(1)));
}

TEST_F(Simulated, GivenCallsThatWait_WhenWritten_ThenTheyShareACommit) {
    const TempDir dir;
    FaultVfs disk("payments-group");
    auto grouped = options();
    grouped.vfs = disk.name();
    SimLoop loop;
    auto provider = SimulatedPaymentProvider::open(dir / "payments.db", loop, loop.clock(), std::move(grouped)).value();
    disk.heal();
    std::vector<std::optional<Result<EffectOutcome>>> answers(50);
    for (std::uint32_t i = 0; i < answers.size(); ++i) {
        loop.spawn(keep(provider->charge(charge_of(i, samples::token("tok_ok"))), answers[i]));
    }

    loop.run_ready();

    for (const auto& answer : answers) EXPECT_TRUE(answer.has_value() && answer->has_value());
    EXPECT_LE(disk.calls(FaultVfs::Call::sync), 4U);
}

TEST_F(Simulated, GivenAFullDisk_WhenCharged_ThenNothingIsClaimedAndLaterItWorks) {
    const TempDir dir;
    FaultVfs disk("payments-full");
    auto limited = options();
    limited.vfs = disk.name();
    SimLoop loop;
    auto provider = SimulatedPaymentProvider::open(dir / "payments.db", loop, loop.clock(), std::move(limited)).value();

    disk.fail(FaultVfs::Call::write, 1, SQLITE_FULL, true);
    const auto refused = loop.run(provider->charge(charge_of(1, samples::token("tok_ok"))));
    disk.heal();
    const auto found = loop.run(provider->find(charge_of(1, {}).key));
    const auto charged = loop.run(provider->charge(charge_of(1, samples::token("tok_ok"))));

    EXPECT_EQ(refused.error().code(), "payment.unavailable");
    EXPECT_EQ(found.value(), std::nullopt);
    EXPECT_EQ(charged->state, EffectState::captured);
}

TEST_F(Simulated, GivenAFailingSync_WhenCharged_ThenTheProcessIsToldToEndAndNobodyIsAnswered) {
    const TempDir dir;
    FaultVfs disk("payments-sync");
    SimLoop loop;
    std::string fatal;
    SimulatedOptions watched;
    watched.vfs = disk.name();
    watched.on_fatal = [&fatal](const Error& why) { fatal = why.code(); };
    auto provider = SimulatedPaymentProvider::open(dir / "payments.db", loop, loop.clock(), std::move(watched)).value();
    disk.fail(FaultVfs::Call::sync, 1, SQLITE_IOERR_FSYNC, true);
    std::optional<Result<EffectOutcome>> first;
    std::optional<Result<EffectOutcome>> second;

    loop.spawn(keep(provider->charge(charge_of(1, samples::token("tok_ok"))), first));
    loop.run_ready();
    loop.spawn(keep(provider->charge(charge_of(2, samples::token("tok_ok"))), second));
    loop.run_ready();

    EXPECT_EQ(fatal, "disk.io_error");
    EXPECT_FALSE(first.has_value());
    EXPECT_FALSE(second.has_value());
}

TEST(SimulatedPowerCut, GivenACharge_WhenThePowerIsCutAfterTheAnswer_ThenItIsStillKnown) {
    const TempDir dir;
    SimLoop loop;
    FaultVfs vfs("payments-power-cut");
    auto with_vfs = options();
    with_vfs.vfs = vfs.name();
    const auto open = [&] {
        return SimulatedPaymentProvider::open(dir / "payments.db", loop, loop.clock(), with_vfs).value();
    };
    auto provider = open();
    const auto request = charge_of(1, samples::token("tok_ok"));
    ASSERT_TRUE(loop.run(provider->charge(request)));

    vfs.power_off();
    provider.reset();
    SeededEntropy survivors(1);
    vfs.power_on(survivors);
    provider = open();

    const auto found = loop.run(provider->find(request.key));
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->state, EffectState::captured);
}

TEST(SimulatedProfile, GivenTheProductionProfile_WhenOpened_ThenItRefuses) {
    const TempDir dir;
    SimLoop loop;
    auto production = options();
    production.production = true;

    const auto provider =
        SimulatedPaymentProvider::open(dir / "payments.db", loop, loop.clock(), std::move(production));

    ASSERT_FALSE(provider.has_value());
    EXPECT_EQ(provider.error().code(), "payment.simulated_in_production");
}

}  // namespace
}  // namespace orderflow::payments

namespace orderflow::orders {
INSTANTIATE_TYPED_TEST_SUITE_P(Simulated, PaymentProviderContract, payments::SimulatedSetup);
}  // namespace orderflow::orders
