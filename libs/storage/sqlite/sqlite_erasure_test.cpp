// What the files of the store still hold after an erasure. Method: many orders of many customers, written and changed
// between each other; one customer is erased; the bytes of every file are searched for what was personal.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "libs/storage/sqlite/sqlite_rig_test.hpp"

namespace orderflow::storage {
namespace {

namespace samples = orders::samples;

class ErasedFiles : public orders::OrderStoreFixture<SqliteRig> {
  protected:
    // Everything personal of a customer carries this word.
    static std::string word(std::uint32_t customer) { return "person" + std::to_string(1000 + customer) + "x"; }

    orders::PlaceOrder placing_of(std::uint32_t number, std::uint32_t customer) {
        const auto name = word(customer);
        auto draft = samples::draft({{"unicorn", 1}});
        draft.customer.id = name;
        draft.customer.name = name;
        draft.customer.email = name + "@example.org";
        draft.shipping_address.line1 = name + "street";
        draft.payment = samples::token("tok_" + name);
        draft.notes = name + std::string(number * 37 % 3000, 'n') + name;  // some of them need pages of their own
        draft.metadata = {{"who", name}};
        return samples::place(id(number), std::move(draft));
    }
    void take_orders(std::uint32_t count, std::uint32_t customers) {
        for (std::uint32_t number = 1; number <= count;) {
            std::vector<orders::Change> group;
            for (; group.size() < 50 && number <= count; ++number) {
                group.emplace_back(placing_of(number, number % customers));
            }
            apply_group(std::move(group));
        }
    }
    void write_letter(std::uint32_t number, std::uint32_t customer) {
        auto letter = samples::letter("m" + std::to_string(number));
        letter.body = word(customer) + std::string(5000, 'b');
        apply(orders::HoldOrder(id(number), letter));
        const auto newest = letters().back().number;
        operate(orders::OperatorCommand("discard" + std::to_string(newest),
                                        orders::ActOnLetters{orders::LetterAction::discard, {{newest}, {}}, 0},
                                        samples::at(3)));
    }
    orders::OperatorStep operate(orders::OperatorChange change) {
        return value_of(loop().run(setup.operators().operate(std::move(change))));
    }
    void erase(std::uint32_t customer) {
        const orders::OperatorCommand wanted(
            "erase", orders::EraseCustomer(orders::EraseCustomer::By::email, word(customer) + "@example.org"),
            samples::at(9));
        for (int steps = 0; steps < 1000; ++steps) {
            if (operate(wanted).kind == orders::OperatorStep::Kind::finished) return;
        }
        ADD_FAILURE() << "the command does not end";
    }
    std::vector<std::string> files_with(const std::string& text) {
        std::vector<std::string> found;
        for (const auto& entry :
             std::filesystem::directory_iterator(std::filesystem::path(setup.path()).parent_path())) {
            std::ifstream file(entry.path(), std::ios::binary);
            const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
            if (bytes.find(text) != std::string::npos) found.push_back(entry.path().filename());
        }
        return found;
    }
};

TEST_F(ErasedFiles, GivenManyOrders_WhenACustomerIsErased_ThenNoFileHoldsTheCustomerAnyMore) {
    constexpr std::uint32_t customers = 20;
    take_orders(1500, customers);
    write_letter(customers + 7, 7);
    write_letter(customers + 8, 8);
    ASSERT_FALSE(files_with(word(7)).empty());

    erase(7);

    EXPECT_THAT(files_with(word(7)), testing::IsEmpty());
    EXPECT_THAT(files_with(word(8)), testing::Not(testing::IsEmpty())) << "others are there";
}

TEST_F(ErasedFiles, GivenOneCustomerAfterTheOther_WhenAllAreErased_ThenNoFileHoldsAnyOfThem) {
    constexpr std::uint32_t customers = 6;
    take_orders(600, customers);
    for (std::uint32_t customer = 0; customer < customers; ++customer) {
        write_letter(customers + customer, customer);
        const orders::OperatorCommand wanted(
            "erase" + std::to_string(customer),
            orders::EraseCustomer(orders::EraseCustomer::By::id, word(customer), "default"), samples::at(9));
        while (operate(wanted).kind != orders::OperatorStep::Kind::finished) {
        }
        EXPECT_THAT(files_with(word(customer)), testing::IsEmpty()) << customer;
    }
}

}  // namespace
}  // namespace orderflow::storage
