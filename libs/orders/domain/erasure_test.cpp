// Whose orders an erasure means, which of them can go, and how the command goes on from page to page.
#include "libs/orders/domain/erasure.hpp"

#include <gtest/gtest.h>

#include "libs/orders/domain/decide_operator.hpp"
#include "libs/testing/order_samples.hpp"

namespace orderflow::orders {
namespace {

using By = EraseCustomer::By;
using Kind = OperatorStep::Kind;

Order an_order(std::uint32_t number, OrderStatus status, PaymentStatus payment = PaymentStatus::captured) {
    auto draft = samples::draft({{"mug", 1}});
    draft.customer.id = "c-1";
    Order order(samples::order_id(number), std::move(draft), samples::fingerprint(1), samples::at(0));
    order.number = number;
    order.status = status;
    order.payment_status = payment;
    return order;
}

OperatorCommand erasing() {
    OperatorCommand command("cmd", EraseCustomer(By::email, "ada@example.org"), samples::at(5));
    command.by = "kim";
    command.reason = "request 17";
    return command;
}

OperatorDecision decide(ErasurePage page, const CommandRecord* record = nullptr) {
    OperatorLoaded loaded;
    loaded.record = record;
    loaded.erasure = std::move(page);
    return decide_operator(erasing(), std::move(loaded), samples::at(7));
}

ErasurePage page_of(std::vector<Order> orders, std::int64_t through, std::int64_t newest) {
    ErasurePage page;
    for (auto& order : orders) page.orders.emplace_back(std::move(order));
    page.through = through;
    page.newest_order = newest;
    return page;
}

TEST(Erasure, GivenAnotherAddressIdOrTenant_ThenTheOrderIsNotMeant) {
    const auto order = an_order(1, OrderStatus::completed);

    EXPECT_FALSE(is_meant(EraseCustomer(By::email, "da@example.org"), order));
    EXPECT_FALSE(is_meant(EraseCustomer(By::email, "ada@example.org", "acme"), order));
    EXPECT_FALSE(is_meant(EraseCustomer(By::id, "C-1"), order)) << "an id is told apart by every letter";
    EXPECT_FALSE(is_meant(EraseCustomer(By::id, "c-1", "acme"), order));
    EXPECT_FALSE(is_meant(EraseCustomer(By::id, "ada@example.org"), order));
    EXPECT_TRUE(is_meant(EraseCustomer(By::email, "ADA@example.ORG"), order));
    EXPECT_TRUE(is_meant(EraseCustomer(By::id, "c-1", "default"), order));
}

TEST(Erasure, GivenAnOrderThatMayStillChange_ThenItIsKeptAndTheReasonSaysSo) {
    using enum OrderStatus;
    for (const auto status : {accepted, processing, reserved, confirmed, cancelling, on_hold}) {
        EXPECT_EQ(kept_because(CustomerOrder(an_order(1, status))), "is " + std::string(to_string(status)));
    }
    EXPECT_EQ(kept_because(CustomerOrder(an_order(1, cancelled, PaymentStatus::refunding))),
              "has a payment that is refunding");
    CustomerOrder with_letter(an_order(1, completed));
    with_letter.open_letter = 12;
    EXPECT_EQ(kept_because(with_letter), "has the open dead letter 12");
    for (const auto status : {completed, rejected, cancelled}) {
        EXPECT_EQ(kept_because(CustomerOrder(an_order(1, status))), "");
    }
}

TEST(Erasure, GivenOrdersOfWhichOneIsUnderWay_ThenTheOthersGoAndTheRecordNamesIt) {
    const auto first =
        decide(page_of({an_order(1, OrderStatus::completed), an_order(2, OrderStatus::confirmed)}, 9, 9));

    EXPECT_EQ(first.erased, std::vector{samples::order_id(1)});
    ASSERT_EQ(first.step.kind, Kind::again) << "the letters of what was erased come with the next page";
    const auto last = decide(page_of({}, 9, 9), &*first.record);
    ASSERT_EQ(last.step.kind, Kind::finished);
    EXPECT_EQ(last.record->state, CommandState::done);
    EXPECT_EQ(last.record->changed, 1);
    EXPECT_EQ(last.record->skipped, 1);
    EXPECT_EQ(last.record->code, "erasure.orders_kept");
    EXPECT_EQ(last.record->detail,
              "1 orders erased, 1 kept. Complete or cancel what is under way, redrive or discard what is open; then"
              " erase again. " +
                  samples::order_id(2).to_string() + " is confirmed.");
}

TEST(Erasure, GivenManyOrdersUnderWay_ThenTheRecordCountsAllAndNamesSome) {
    std::vector<Order> orders;
    for (std::uint32_t number = 1; number <= 20; ++number) orders.push_back(an_order(number, OrderStatus::confirmed));

    const auto decision = decide(page_of(std::move(orders), 20, 20));

    EXPECT_EQ(decision.record->skipped, 20);
    EXPECT_LT(decision.record->detail.size(), 700U);
}

TEST(Erasure, GivenAPageBehindWhichThereMayBeMore_ThenTheCommandGoesOnBehindItAndUpToItsBound) {
    const auto first = decide(page_of({an_order(3, OrderStatus::confirmed)}, 3, 9));

    ASSERT_EQ(first.step.kind, Kind::again);
    EXPECT_EQ(first.record->through, 3);
    EXPECT_EQ(first.record->bound, 9);
    const OperatorChange change = erasing();
    const auto next = erasure_wanted(change, &*first.record);
    ASSERT_TRUE(next);
    EXPECT_EQ(next->after, 3);
    EXPECT_EQ(next->up_to, 9) << "what came later is not meant";
    EXPECT_EQ(decide(page_of({}, 8, 12), &*first.record).step.kind, Kind::again);
    EXPECT_EQ(decide(page_of({}, 9, 12), &*first.record).step.kind, Kind::finished);
}

TEST(Erasure, GivenLettersThatAreLeftOver_ThenTheyLoseTheirMessageBeforeTheCommandEnds) {
    auto page = page_of({}, 9, 9);
    auto& letter = page.left_over.emplace_back(4, samples::letter("m4"), samples::at(1));
    letter.state = LetterState::discarded;
    letter.letter.detail = "of ada";
    letter.original_body = "as it came";

    const auto decision = decide(std::move(page));

    ASSERT_EQ(decision.step.kind, Kind::again);
    ASSERT_EQ(decision.letters.size(), 1U);
    EXPECT_EQ(decision.letters[0].state, LetterState::erased);
    EXPECT_EQ(decision.letters[0].letter.body, "");
    EXPECT_EQ(decision.letters[0].letter.detail, "");
    EXPECT_FALSE(decision.letters[0].original_body);
    EXPECT_EQ(decision.letters[0].changed_by, "cmd");
    EXPECT_EQ(decision.letters[0].letter.code, "payment.unavailable");
}

TEST(Erasure, GivenACommandThatIsOver_ThenNothingIsLookedForAndNothingChanges) {
    const auto over = decide(page_of({}, 0, 0)).record.value();
    const OperatorChange change = erasing();

    EXPECT_FALSE(erasure_wanted(change, &over));
    OperatorLoaded loaded;
    loaded.record = &over;
    const auto again = decide_operator(change, std::move(loaded), samples::at(8));
    EXPECT_EQ(again.step.kind, Kind::finished);
    EXPECT_FALSE(again.record);
}

TEST(Erasure, GivenACommand_ThenItsTargetSaysHowTheCustomerWasNamedAndNotWhat) {
    EXPECT_EQ(target_of(erasing()), "a customer, named by e-mail address");
    EXPECT_EQ(target_of(OperatorCommand("cmd", EraseCustomer(By::id, "c-1", "acme"), samples::at(5))),
              "a customer, named by id, tenant acme");
    EXPECT_EQ(action_of(erasing()), "customer.erase");
}

}  // namespace
}  // namespace orderflow::orders
