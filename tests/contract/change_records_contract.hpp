// What changes of orders leave for operators: letters about an order, and audit records of fulfilments. For the
// adapters of operator_store_contract.hpp.
#pragma once

#include "tests/contract/operator_store_contract.hpp"

namespace orderflow::orders {

template <class Adapter>
class ChangeRecordsContract : public OperatorStoreContract<Adapter> {};
TYPED_TEST_SUITE_P(ChangeRecordsContract);

TYPED_TEST_P(ChangeRecordsContract, GivenALetterThatIsKeptOnce_WhenItsCauseStays_ThenAnOpenOrDiscardedOneIsEnough) {
    this->confirm(1);
    this->apply(this->cancelling(1));
    const auto refused = [&](const char* message) {
        HoldOrder hold(this->id(1), samples::letter(message, "payment.request_refused"));
        hold.refund_refused = true;
        return hold;
    };

    this->apply_group(group_of(refused("m1"), refused("m2")));
    this->apply(refused("m3"));
    EXPECT_EQ(this->in_state(LetterState::open), (std::vector<std::int64_t>{1}));
    EXPECT_EQ(this->letter(1).order, this->id(1));
    this->carry_out(this->acting("cmd_a", LetterAction::redrive, {1}));
    this->setup.restart();
    this->apply_group(group_of(refused("m4"), refused("m5")));
    const auto back = this->in_state(LetterState::open);
    ASSERT_EQ(back.size(), 1U) << "it was sent again, and is refused again";
    this->carry_out(this->acting("cmd_b", LetterAction::discard, back));
    this->apply(refused("m6"));

    EXPECT_TRUE(this->in_state(LetterState::open).empty()) << "given up is given up";
    HoldOrder other(this->id(1), samples::letter("m7", "payment.amount_mismatch"));
    other.refund_refused = true;
    this->apply(other);
    EXPECT_EQ(this->in_state(LetterState::open).size(), 1U) << "another cause";
}

TYPED_TEST_P(ChangeRecordsContract, GivenAMessageThatHoldsNoOrderUp_WhenParked_ThenItsLetterIsFoundByItsOrder) {
    this->apply(ParkMessage(samples::letter("m1"), this->id(7)));

    LetterQuery query;
    query.filter.order = this->id(7);

    EXPECT_EQ(this->numbers(query), (std::vector<std::int64_t>{1}));
    EXPECT_FALSE(this->OrderStoreFixture<TypeParam>::find(7).order) << "no order is touched";
}

TYPED_TEST_P(ChangeRecordsContract, GivenAFulfilment_ThenItLeavesOneAuditRecordWithTheChange) {
    this->confirm(1, {{"mug", 2}});
    FulfillOrder shipped(this->id(1), "f1", {{samples::sku("mug"), 1}}, samples::at(60));
    shipped.by = "kim";
    shipped.reason = "packed";

    this->apply_group(
        group_of(shipped, shipped, FulfillOrder(this->id(1), "f2", {{samples::sku("mug"), 5}}, samples::at(61))));
    this->setup.restart();
    this->apply(shipped);

    const auto done = this->record("f1");
    EXPECT_EQ(done.by, "kim");
    EXPECT_EQ(done.reason, "packed");
    EXPECT_EQ(done.state, CommandState::done);
    EXPECT_EQ(done.changed, 1);
    EXPECT_EQ(this->record("f2").state, CommandState::refused);
    EXPECT_EQ(this->record("f2").code, "more-than-ordered");
    EXPECT_EQ(this->value_of(this->loop().run(this->setup.operator_reader().commands({}))).commands.size(), 2U);
}

TYPED_TEST_P(ChangeRecordsContract, GivenAFulfilmentThatWasStoppedInItsQueue_WhenItComes_ThenItsRecordSaysWhatItDid) {
    this->confirm(1, {{"mug", 2}});
    this->operate(this->command("stop", StopCommand{"f1"}));
    EXPECT_EQ(this->record("f1").action, unknown_action);

    const FulfillOrder shipped(this->id(1), "f1", {{samples::sku("mug"), 1}}, samples::at(60));
    this->apply(shipped);
    const auto done = this->record("f1");
    this->apply(FulfillOrder(this->id(2), "f1", {{samples::sku("mug"), 1}}, samples::at(61)));

    EXPECT_EQ(done.action, "order.fulfill");
    EXPECT_EQ(done.state, CommandState::done);
    EXPECT_EQ(this->record("f1"), done) << "once";
}

TYPED_TEST_P(ChangeRecordsContract, GivenACommandThatWasStoppedInItsQueue_WhenItComes_ThenItsRecordSaysWhatItWas) {
    this->park({"a"});
    this->operate(this->command("stop", StopCommand{"cmd"}));

    EXPECT_TRUE(this->carry_out(this->acting_on_all("cmd", LetterAction::redrive)).empty());
    this->setup.restart();

    EXPECT_EQ(this->record("cmd").action, "dead-letters.redrive");
    EXPECT_EQ(this->record("cmd").state, CommandState::stopped);
    EXPECT_THAT(this->in_state(LetterState::open), testing::ElementsAre(1));
}

TYPED_TEST_P(ChangeRecordsContract, GivenAFulfilmentOfATombstone_WhenItComesTwice_ThenItsRecordStaysTheFirst) {
    this->apply(this->placing(1));
    this->apply(this->declined(1));
    ASSERT_TRUE(this->setup.bury(this->id(1)));
    FulfillOrder late(this->id(1), "f1", {{samples::sku("mug"), 1}}, samples::at(60));

    this->apply(late);
    const auto first = this->record("f1");
    this->loop().advance(5s);
    this->apply(late);

    EXPECT_EQ(first.code, "order-gone");
    EXPECT_EQ(this->record("f1"), first);
}

REGISTER_TYPED_TEST_SUITE_P(ChangeRecordsContract,
                            GivenALetterThatIsKeptOnce_WhenItsCauseStays_ThenAnOpenOrDiscardedOneIsEnough,
                            GivenAMessageThatHoldsNoOrderUp_WhenParked_ThenItsLetterIsFoundByItsOrder,
                            GivenAFulfilment_ThenItLeavesOneAuditRecordWithTheChange,
                            GivenAFulfilmentThatWasStoppedInItsQueue_WhenItComes_ThenItsRecordSaysWhatItDid,
                            GivenACommandThatWasStoppedInItsQueue_WhenItComes_ThenItsRecordSaysWhatItWas,
                            GivenAFulfilmentOfATombstone_WhenItComesTwice_ThenItsRecordStaysTheFirst);

}  // namespace orderflow::orders
