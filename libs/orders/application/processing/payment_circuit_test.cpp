#include "libs/orders/application/processing/payment_circuit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "libs/testing/order_samples.hpp"
#include "libs/testing/sim_loop.hpp"

namespace orderflow::orders {
namespace {

using Turn = PaymentCircuit::Turn;

CircuitPolicy policy() {
    CircuitPolicy result;
    result.open_after = 3;
    result.open_after_any = 8;
    result.own_fault_for = 30s;
    result.new_probes = 2;
    result.tried_probes = 1;
    result.probe_min = 1s;
    result.probe_max = 4s;
    result.uncounted_for = 60s;
    result.counted_every = 10s;
    return result;
}

class Circuit : public ::testing::Test {
  protected:
    static OrderId order(std::uint32_t number) { return samples::order_id(number); }
    bool failed(std::uint32_t number) { return circuit.failed(order(number)); }
    void answered(std::uint32_t number) { circuit.answered(order(number)); }
    // Orders 1 to 3 have failed.
    void open() {
        for (std::uint32_t i = 1; i <= policy().open_after; ++i) EXPECT_TRUE(failed(i));
    }
    std::size_t wait(std::uint32_t number) {
        turns.emplace_back();
        loop.spawn(await_turn(turns.size() - 1, number));
        loop.run_ready();
        return turns.size() - 1;
    }
    task<void> await_turn(std::size_t place, std::uint32_t number) {  // the fixture outlives it
        const auto turn = co_await circuit.enter(order(number), stop.get_token());
        turns[place] = turn;
    }
    std::size_t let_through() const {
        return static_cast<std::size_t>(std::ranges::count(turns, std::optional(Turn::probe)));
    }
    void advance(BootClock::duration by) { loop.advance(by); }

    SimLoop loop;
    PaymentCircuit circuit{LoopParts{loop, Spawner(loop.context().get_executor()), loop.clock()}, policy()};
    std::stop_source stop;
    std::vector<std::optional<Turn>> turns;
};

TEST_F(Circuit, GivenFailuresWithAnAnswerBetween_WhenCounted_ThenItStaysClosed) {
    for (std::uint32_t i = 0; i < 10; ++i) {
        failed(3 * i);
        failed(3 * i + 1);
        answered(3 * i + 2);
    }
    EXPECT_FALSE(circuit.is_open());
    EXPECT_EQ(turns[wait(1000)], Turn::call);
}

TEST_F(Circuit, GivenFailuresInARow_WhenOpen_ThenEachRoundLetsAFewThroughWithBackoff) {
    open();
    for (std::uint32_t i = 0; i < 6; ++i) wait(1 + i % 3);
    for (std::uint32_t i = 11; i < 20; ++i) wait(i);
    EXPECT_EQ(let_through(), 0U);

    advance(1s);
    EXPECT_EQ(let_through(), 3U);
    advance(1999ms);
    EXPECT_EQ(let_through(), 3U);
    advance(1ms);
    EXPECT_EQ(let_through(), 6U);
    advance(4s);
    EXPECT_EQ(let_through(), 9U);
    advance(3999ms);
    EXPECT_EQ(let_through(), 9U);
    advance(1ms);
    EXPECT_EQ(let_through(), 12U);
}

TEST_F(Circuit, GivenOrdersThatHaveFailed_WhenOthersHaveNot_ThenARoundTakesOfBoth) {
    open();
    std::vector<std::size_t> tried;
    std::vector<std::size_t> fresh;
    for (std::uint32_t i = 1; i <= 3; ++i) tried.push_back(wait(i));
    for (std::uint32_t i = 11; i <= 13; ++i) fresh.push_back(wait(i));

    advance(1s);

    EXPECT_EQ(turns[tried[0]], Turn::probe);
    EXPECT_FALSE(turns[tried[1]].has_value());
    EXPECT_EQ(turns[fresh[0]], Turn::probe);
    EXPECT_EQ(turns[fresh[1]], Turn::probe);
    EXPECT_FALSE(turns[fresh[2]].has_value());
}

TEST_F(Circuit, GivenAProbeThatIsNotAnswered_WhenTheNextRoundIsDue_ThenOthersGo) {
    open();
    const auto first = wait(1);
    const auto second = wait(2);
    advance(1s);
    EXPECT_EQ(turns[first], Turn::probe);
    EXPECT_FALSE(turns[second].has_value());

    advance(2s);
    EXPECT_EQ(turns[second], Turn::probe);
}

TEST_F(Circuit, GivenAnAnswer_WhenOpen_ThenEverybodyGoesOn) {
    open();
    const auto first = wait(1);
    const auto second = wait(2);
    advance(1s);

    answered(1);
    loop.run_ready();

    EXPECT_FALSE(circuit.is_open());
    EXPECT_EQ(turns[first], Turn::probe);
    EXPECT_EQ(turns[second], Turn::call);
}

TEST_F(Circuit, GivenNobodyWaits_WhenARoundBegins_ThenItInvitesAFewAndTheyProbeAsTheyCome) {
    int changes = 0;
    circuit.on_change([&changes] { ++changes; });
    open();
    EXPECT_EQ(circuit.invite(10), 0U);
    advance(1s);

    EXPECT_EQ(changes, 2);
    EXPECT_EQ(circuit.invite(10), 2U);
    EXPECT_EQ(circuit.invite(10), 0U);
    EXPECT_EQ(turns[wait(11)], Turn::probe);
    EXPECT_EQ(turns[wait(12)], Turn::probe);
    EXPECT_FALSE(turns[wait(13)].has_value());
}

TEST_F(Circuit, GivenAnInvitation_WhenAnOrderComesThatHasFailed_ThenItWaitsAndAnotherIsInvited) {
    open();
    advance(1s);
    ASSERT_EQ(circuit.invite(10), 2U);

    EXPECT_FALSE(turns[wait(1)].has_value());

    EXPECT_EQ(circuit.invite(10), 1U);
    EXPECT_EQ(turns[wait(11)], Turn::probe);
}

TEST_F(Circuit, GivenOrdersThatFailedWhileAnotherWasAnswered_WhenTheyFailAgain_ThenItStaysClosed) {
    open();
    answered(9);

    for (int again = 0; again < 2; ++again) {
        for (std::uint32_t i = 1; i <= 3; ++i) EXPECT_TRUE(failed(i));
    }
    EXPECT_FALSE(circuit.is_open());

    for (std::uint32_t i = 11; i <= 12; ++i) failed(i);
    EXPECT_TRUE(circuit.is_open()) << "eight failures in a row, whoever they are of";
}

TEST_F(Circuit, GivenOrdersThatFailedWhileAnotherWasAnswered_WhenThatIsLongAgo_ThenTheyOpenItAgain) {
    open();
    answered(9);
    advance(30s);

    open();

    EXPECT_TRUE(circuit.is_open());
}

TEST_F(Circuit, GivenAnOutage_WhenItLasts_ThenFailuresCountOnlyAfterTheGraceAndThenSeldom) {
    open();
    advance(1s);
    EXPECT_FALSE(failed(1));
    EXPECT_FALSE(failed(11));
    advance(58s);
    EXPECT_FALSE(failed(1));
    advance(1s);
    EXPECT_TRUE(failed(1));
    EXPECT_FALSE(failed(2));
    advance(10s);
    EXPECT_TRUE(failed(2));
}

TEST_F(Circuit, GivenItClosedAndOpenedAgain_WhenAnOldTimerFires_ThenItLetsNobodyThrough) {
    open();
    advance(900ms);
    answered(9);
    for (std::uint32_t i = 11; i <= 13; ++i) failed(i);
    ASSERT_TRUE(circuit.is_open());
    const auto waiter = wait(14);

    advance(100ms);
    EXPECT_FALSE(turns[waiter].has_value());
    advance(900ms);
    EXPECT_EQ(turns[waiter], Turn::probe);
}

TEST_F(Circuit, GivenAStop_WhenWaiting_ThenNoCallIsMade) {
    open();
    const auto waiter = wait(11);

    stop.request_stop();
    loop.run_ready();

    EXPECT_EQ(turns[waiter], Turn::stop);
    EXPECT_EQ(turns[wait(12)], Turn::stop);
}

}  // namespace
}  // namespace orderflow::orders
