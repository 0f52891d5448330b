// The contract of EraseCustomer on a store: OperatorStore, with what the other ports show afterwards.
//
// An Adapter gives what endpoint_store_contract.hpp asks for, and `orders::OldestOrders& oldest()` and `Result<void>
// bury(id)`.
#pragma once

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

#include "libs/orders/ports/endpoint_reader.hpp"
#include "libs/orders/ports/endpoint_store.hpp"
#include "libs/orders/ports/oldest_orders.hpp"
#include "libs/orders/ports/operator_reader.hpp"
#include "libs/orders/ports/operator_store.hpp"
#include "tests/contract/order_store_contract_fixture.hpp"

namespace orderflow::orders {

template <class Adapter>
class ErasureContract : public OrderStoreFixture<Adapter> {
  protected:
    using By = EraseCustomer::By;
    static constexpr const char* ada = "ada@example.org";

    static PlaceOrder placing_of(std::uint32_t number, std::string email, const samples::Lines& lines = {{"mug", 2}}) {
        auto draft = samples::draft(lines);
        draft.customer.email = std::move(email);
        return samples::place(OrderStoreFixture<Adapter>::id(number), std::move(draft));
    }
    // Orders that are rejected at once.
    void reject(std::uint32_t first, std::uint32_t last, const std::string& email = ada) {
        std::vector<Change> group;
        for (auto number = first; number <= last; ++number) {
            group.emplace_back(placing_of(number, email, {{"unicorn", 1}}));
        }
        this->apply_group(std::move(group));
    }
    void discard(std::int64_t letter) {
        this->operate(OperatorCommand("discard-" + std::to_string(letter),
                                      ActOnLetters{LetterAction::discard, {{letter}, {}}, 0}, samples::at(3)));
    }
    OperatorStep operate(const OperatorChange& change) {
        return this->value_of(this->loop().run(this->setup.operators().operate(change)));
    }
    static OperatorCommand erasing(std::string command, EraseCustomer customer) {
        OperatorCommand wanted(std::move(command), std::move(customer), samples::at(3));
        wanted.by = "kim";
        wanted.reason = "request 17";
        return wanted;
    }
    CommandRecord erase(const std::string& command, EraseCustomer customer = EraseCustomer(By::email, ada)) {
        const auto wanted = erasing(command, std::move(customer));
        for (int steps = 0; steps < 1000; ++steps) {
            if (operate(wanted).kind == OperatorStep::Kind::finished) return record(command);
        }
        ADD_FAILURE() << "the command does not end";
        return record(command);
    }
    CommandRecord record(const std::string& command) {
        return this->value_of(this->loop().run(this->setup.operator_reader().command(command))).value();
    }
    bool is_tombstone(std::uint32_t number) { return this->find(number).tombstone.has_value(); }
    std::optional<Fingerprint> fingerprint(std::uint32_t number) {
        return this->value_of(this->loop().run(this->setup.reader().fingerprints({this->id(number)}))).at(0);
    }
    std::size_t found(const std::string& email) {
        OrderQuery query;
        query.customer_email = email;
        query.limit = 100;
        return this->list(query).orders.size();
    }
};

TYPED_TEST_SUITE_P(ErasureContract);

TYPED_TEST_P(ErasureContract, GivenACustomerWithoutOrders_ThenTheCommandIsDoneAndChangesNothing) {
    this->reject(1, 1, "bob@example.org");

    const auto record = this->erase("e1");

    EXPECT_EQ(record.state, CommandState::done);
    EXPECT_EQ(record.changed, 0);
    EXPECT_EQ(record.detail, "0 orders erased, 0 kept.");
    EXPECT_TRUE(record.code.empty());
    EXPECT_FALSE(this->is_tombstone(1));
}

TYPED_TEST_P(ErasureContract, GivenOrdersUnderWay_ThenTheyAreKeptAndTheRecordSaysWhichAndWhy) {
    this->apply(this->placing_of(1, TestFixture::ada));  // reserved
    this->apply(this->placing_of(2, TestFixture::ada));
    this->apply(this->captured(2));  // confirmed
    this->reject(3, 3);

    const auto record = this->erase("e1");

    EXPECT_EQ(record.state, CommandState::done);
    EXPECT_EQ(record.changed, 1);
    EXPECT_EQ(record.skipped, 2);
    EXPECT_EQ(record.code, "erasure.orders_kept");
    EXPECT_THAT(record.detail, testing::StartsWith("1 orders erased, 2 kept."));
    EXPECT_THAT(record.detail, testing::HasSubstr(this->id(1).to_string() + " is reserved."));
    EXPECT_THAT(record.detail, testing::HasSubstr(this->id(2).to_string() + " is confirmed."));
    EXPECT_FALSE(this->is_tombstone(1));
    EXPECT_FALSE(this->is_tombstone(2));
    EXPECT_TRUE(this->is_tombstone(3));

    this->apply(this->declined(1));
    EXPECT_EQ(this->erase("e2").changed, 1);
    EXPECT_TRUE(this->is_tombstone(1));
}

TYPED_TEST_P(ErasureContract, GivenAnOrderAtItsEnd_ThenATombstoneStaysAndLedgerStockAndItsKeyAsTheyWere) {
    this->apply(this->placing_of(1, "Ada@Example.org"));
    this->apply(this->captured(1));
    this->apply(this->cancelling(1));
    this->apply(this->refunded(1));
    const auto ledger = this->ledger(1);
    ASSERT_EQ(ledger.size(), 2U);

    const auto record = this->erase("e1");
    this->setup.restart();

    EXPECT_EQ(record.changed, 1);
    EXPECT_EQ(record.action, "customer.erase");
    EXPECT_EQ(record.target, "a customer, named by e-mail address");
    const auto left = this->find(1);
    EXPECT_FALSE(left.order);
    ASSERT_TRUE(left.tombstone);
    EXPECT_EQ(left.tombstone->last_status, OrderStatus::cancelled);
    EXPECT_EQ(this->ledger(1), ledger);
    EXPECT_EQ(this->stock("mug"), (Stock{10, 0}));
    EXPECT_EQ(this->fingerprint(1), samples::fingerprint(1)) << "its key is not free again";
    EXPECT_TRUE(this->events(1).empty());
    EXPECT_EQ(this->found(TestFixture::ada), 0U);
    EXPECT_TRUE(this->value_of(this->loop().run(this->setup.oldest().oldest({}))).orders.empty());
    EXPECT_FALSE(this->apply(this->placing_of(1, TestFixture::ada)).changed) << "a message that comes late";
    EXPECT_TRUE(this->is_tombstone(1));
}

TYPED_TEST_P(ErasureContract, GivenMoreOrdersThanOnePiece_ThenEachStepTakesAFewAndOtherCustomersKeepTheirs) {
    constexpr std::uint32_t many = 2 * limits::orders_erased_at_once + 5;
    this->reject(1, many);
    this->reject(many + 1, many + 3, "bob@example.org");
    const auto wanted = this->erasing("e1", EraseCustomer(EraseCustomer::By::email, TestFixture::ada));

    const auto step = this->operate(wanted);
    const auto after_one = this->record("e1");
    std::int64_t before = after_one.changed;
    for (int steps = 0; steps < 10 && this->operate(wanted).kind == OperatorStep::Kind::again; ++steps) {
        const auto now = this->record("e1").changed;
        EXPECT_LE(now - before, std::int64_t{limits::orders_erased_at_once});
        before = now;
    }

    EXPECT_EQ(step.kind, OperatorStep::Kind::again);
    EXPECT_EQ(after_one.state, CommandState::running);
    EXPECT_EQ(after_one.changed, std::int64_t{limits::orders_erased_at_once});
    EXPECT_EQ(this->record("e1").state, CommandState::done);
    EXPECT_EQ(this->record("e1").changed, std::int64_t{many});
    EXPECT_EQ(this->found(TestFixture::ada), 0U);
    EXPECT_EQ(this->found("bob@example.org"), 3U);
}

TYPED_TEST_P(ErasureContract, GivenAnOrderThatComesDuringTheCommand_ThenItIsNotMeant) {
    this->reject(1, limits::orders_erased_at_once + 1);
    const auto wanted = this->erasing("e1", EraseCustomer(EraseCustomer::By::email, TestFixture::ada));
    this->operate(wanted);
    this->reject(900, 900);

    EXPECT_EQ(this->erase("e1").changed, std::int64_t{limits::orders_erased_at_once} + 1);
    EXPECT_FALSE(this->is_tombstone(900));
}

TYPED_TEST_P(ErasureContract, GivenACommandThatIsOver_WhenItComesAgain_ThenNothingChanges) {
    this->reject(1, 1);
    const auto first = this->erase("e1");
    this->reject(2, 2);

    EXPECT_EQ(this->erase("e1"), first);
    EXPECT_FALSE(this->is_tombstone(2));
    EXPECT_EQ(this->erase("e2").changed, 1) << "another command is another";
    EXPECT_EQ(this->erase("e3").changed, 0) << "nothing is left";
}

TYPED_TEST_P(ErasureContract, GivenTheShopsOwnId_ThenItMeansTheCustomerOfThatTenantAlone) {
    const auto order_of = [&](std::uint32_t number, const char* customer, const char* tenant) {
        auto place = this->placing_of(number, "p" + std::to_string(number) + "@example.org", {{"unicorn", 1}});
        auto draft = *place.draft;
        if (customer != nullptr) draft.customer.id = customer;
        place.draft = std::move(draft);
        place.tenant_id = tenant;
        this->apply(std::move(place));
    };
    order_of(1, "c-1", "default");
    order_of(2, "c-1", "acme");
    order_of(3, "c-11", "default");
    order_of(4, nullptr, "default");
    order_of(5, "c-1", "default");

    const auto record = this->erase("e1", EraseCustomer(EraseCustomer::By::id, "c-1", "default"));

    EXPECT_EQ(record.changed, 2);
    EXPECT_EQ(record.target, "a customer, named by id, tenant default");
    std::vector<bool> gone;
    for (std::uint32_t number = 1; number <= 5; ++number) gone.push_back(this->is_tombstone(number));
    EXPECT_EQ(gone, (std::vector{true, false, false, false, true}));
}

TYPED_TEST_P(ErasureContract, GivenMoreOrdersThanAreLookedAtOnce_WhenSearchedById_ThenAllAreFound) {
    constexpr std::uint32_t many = limits::orders_looked_at_once + 30;
    for (std::uint32_t first = 1; first <= many; first += 100) {
        this->reject(first, std::min(first + 99, many), "bob@example.org");
    }
    auto last = this->placing_of(many + 1, TestFixture::ada, {{"unicorn", 1}});
    auto draft = *last.draft;
    draft.customer.id = "c-1";
    last.draft = std::move(draft);
    this->apply(std::move(last));

    EXPECT_EQ(this->erase("e1", EraseCustomer(EraseCustomer::By::id, "c-1", "default")).changed, 1);
    EXPECT_TRUE(this->is_tombstone(many + 1));
}

TYPED_TEST_P(ErasureContract, GivenAnOpenDeadLetter_ThenItsOrderIsKeptUntilSomebodyDealtWithIt) {
    auto letter = samples::letter("m1");
    letter.body = "a message of ada@example.org";
    letter.detail = "ada said so";
    this->reject(1, 1);
    this->apply(HoldOrder(this->id(1), letter));

    const auto kept = this->erase("e1");
    EXPECT_EQ(kept.changed, 0);
    EXPECT_THAT(kept.detail, testing::HasSubstr("has the open dead letter 1."));
    EXPECT_EQ(this->letters().at(0).letter.body, letter.body);

    this->discard(1);
    EXPECT_EQ(this->erase("e2").changed, 1);
    const auto after = this->letters().at(0);
    EXPECT_EQ(after.state, LetterState::erased);
    EXPECT_EQ(after.letter.body, "");
    EXPECT_EQ(after.letter.detail, "");
    EXPECT_EQ(after.letter.code, letter.code) << "what kind of failure it was stays";
    EXPECT_EQ(after.changed_by, "e2");

    this->operate(OperatorCommand("restore", ActOnLetters{LetterAction::restore, {{1}, {}}, 0}, samples::at(3)));
    EXPECT_EQ(this->letters().at(0).state, LetterState::erased) << "there is nothing to restore";
}

TYPED_TEST_P(ErasureContract, GivenDiscardedLettersOfATombstone_ThenTheyLoseTheirMessageWhosesoeverItWas) {
    this->reject(1, 1, "bob@example.org");
    for (std::uint32_t n = 1; n <= limits::letters_erased_at_once + 3; ++n) {
        auto letter = samples::letter("m" + std::to_string(n));
        letter.body = "a message";
        this->apply(HoldOrder(this->id(1), letter));
        this->discard(n);
    }
    this->apply(HoldOrder(this->id(1), samples::letter("open")));
    this->apply(ParkMessage(samples::letter("of nobody")));
    ASSERT_TRUE(this->setup.bury(this->id(1)));

    EXPECT_EQ(this->erase("e1").state, CommandState::done);

    std::size_t erased = 0;
    for (const auto& letter : this->letters()) erased += letter.state == LetterState::erased ? 1 : 0;
    EXPECT_EQ(erased, limits::letters_erased_at_once + 3);
    EXPECT_EQ(this->letters().at(limits::letters_erased_at_once + 3).state, LetterState::open);
}

TYPED_TEST_P(ErasureContract, GivenCallsToWebhooks_ThenTheLogForgetsThemAndWhatIsAnsweredLater) {
    CreateEndpoint create;
    create.settings.url = "https://shop.example/";
    create.secret = "whsec_first";
    this->operate(OperatorCommand("create", EndpointCommand("wh_1", create), samples::at(3)));
    auto& endpoints = this->setup.endpoints();
    EXPECT_TRUE(this->value_of(this->loop().run(endpoints.change_lease({"wh_1", "", 0, "worker-1", 1}))));
    const auto called = [&](std::uint32_t number, std::int32_t version) {
        EventDelivery delivery("wh_1", this->id(number), version);
        delivery.type = EventType::order_rejected;
        delivery.at = samples::at(5);
        delivery.answer = "thank you, Ada";
        DeliveryProgress made{.endpoint = "wh_1", .owner = "worker-1"};
        made.log.push_back(std::move(delivery));
        EXPECT_TRUE(this->loop().run(endpoints.record(std::move(made))));
    };
    const auto log_of = [&](std::uint32_t number) {
        return this->value_of(this->loop().run(this->setup.endpoint_reader().deliveries_of(this->id(number))));
    };
    this->reject(1, 1);
    this->reject(2, 2, "bob@example.org");
    called(1, 2);
    called(2, 2);

    EXPECT_EQ(this->erase("e1").changed, 1);
    EXPECT_TRUE(log_of(1).empty());
    ASSERT_EQ(log_of(2).size(), 1U);
    EXPECT_EQ(log_of(2)[0].answer, "thank you, Ada");

    called(1, 3);
    ASSERT_EQ(log_of(1).size(), 1U) << "that there was a call stays";
    EXPECT_EQ(log_of(1)[0].answer, "");
}

TYPED_TEST_P(ErasureContract, GivenAnErasureThatRuns_WhenStopped_ThenTheRestStaysAsItIs) {
    this->reject(1, limits::orders_erased_at_once + 1);
    const auto wanted = this->erasing("e1", EraseCustomer(EraseCustomer::By::email, TestFixture::ada));
    this->operate(wanted);

    this->operate(OperatorCommand("stop", StopCommand{"e1"}, samples::at(4)));

    EXPECT_EQ(this->operate(wanted).kind, OperatorStep::Kind::finished);
    EXPECT_EQ(this->record("e1").state, CommandState::stopped);
    EXPECT_FALSE(this->is_tombstone(limits::orders_erased_at_once + 1));
}

REGISTER_TYPED_TEST_SUITE_P(ErasureContract, GivenACustomerWithoutOrders_ThenTheCommandIsDoneAndChangesNothing,
                            GivenOrdersUnderWay_ThenTheyAreKeptAndTheRecordSaysWhichAndWhy,
                            GivenAnOrderAtItsEnd_ThenATombstoneStaysAndLedgerStockAndItsKeyAsTheyWere,
                            GivenMoreOrdersThanOnePiece_ThenEachStepTakesAFewAndOtherCustomersKeepTheirs,
                            GivenAnOrderThatComesDuringTheCommand_ThenItIsNotMeant,
                            GivenACommandThatIsOver_WhenItComesAgain_ThenNothingChanges,
                            GivenTheShopsOwnId_ThenItMeansTheCustomerOfThatTenantAlone,
                            GivenMoreOrdersThanAreLookedAtOnce_WhenSearchedById_ThenAllAreFound,
                            GivenAnOpenDeadLetter_ThenItsOrderIsKeptUntilSomebodyDealtWithIt,
                            GivenDiscardedLettersOfATombstone_ThenTheyLoseTheirMessageWhosesoeverItWas,
                            GivenCallsToWebhooks_ThenTheLogForgetsThemAndWhatIsAnsweredLater,
                            GivenAnErasureThatRuns_WhenStopped_ThenTheRestStaysAsItIs);

}  // namespace orderflow::orders
