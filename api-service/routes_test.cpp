// The routes of the service and contracts/openapi.json are one list.
#include "api-service/routes.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <set>

#include "api-service/api_fixture_test.hpp"
#include "libs/contract/product_file.hpp"

namespace orderflow::api {
namespace {

using testing::ElementsAreArray;
using testing::IsEmpty;

class RoutesTest : public ApiTest {
  protected:
    // Tests run in the root of the repository.
    static const json::Value& contract() {
        static const auto document = [] {
            std::ifstream file("contracts/openapi.json");
            const std::string text(std::istreambuf_iterator<char>(file), {});
            return json::parse(text, {.bytes = 1 << 20}).value();
        }();
        return document;
    }
};

TEST_F(RoutesTest, GivenTheContract_ThenItListsExactlyTheRoutesThatAnswer) {
    std::set<std::string> listed;
    for (const auto& [path, item] : *contract().find("paths")->object()) {
        for (const auto& [method, operation] : *item.object()) {
            if (operation.find("operationId") == nullptr) continue;
            listed.insert(fmt::format("{} {} {}", method, path, *operation.find("operationId")->string()));
        }
    }
    std::set<std::string> ours;
    for (const auto& route : service().router().routes()) {
        std::string method(net::to_string(route.method));
        for (auto& c : method) c = static_cast<char>(c - 'A' + 'a');
        ours.insert(method + " " + route.pattern + " " + route.name);
    }
    EXPECT_THAT(ours, ElementsAreArray(listed));
}

// What the API answers with is in the contract: every status of every operation that the unit tests see is declared.
TEST_F(RoutesTest, GivenTheStatusesThatHandlersGive_ThenTheContractDeclaresThem) {
    const auto document = contract();
    const auto declares = [&](const char* path, const char* method, const char* status) {
        const auto* operation = document.find("paths")->find(path)->find(method);
        return operation->find("responses")->find(status) != nullptr;
    };
    for (const char* status : {"202", "400", "413", "415", "422", "429", "503"}) {
        EXPECT_TRUE(declares("/v1/orders", "post", status)) << status;
        EXPECT_TRUE(declares("/order", "post", status)) << status;
    }
    for (const char* status : {"202", "400", "404", "409", "410", "412", "415", "422", "429", "503"}) {
        EXPECT_TRUE(declares("/v1/orders/{id}/cancel", "post", status)) << status;
    }
    for (const char* status : {"202", "400", "401", "404", "413", "415", "422", "429", "503"}) {
        EXPECT_TRUE(declares("/v1/payments/callbacks", "post", status)) << status;
    }
    for (const char* status : {"200", "304", "404", "410", "429", "503"}) {
        EXPECT_TRUE(declares("/v1/orders/{id}", "get", status)) << status;
    }
    EXPECT_TRUE(declares("/order", "post", "303"));
    EXPECT_TRUE(declares("/v1/orders", "get", "401"));
    for (const char* status : {"200", "202", "400", "401", "403", "413", "415", "422", "429", "503"}) {
        EXPECT_TRUE(declares("/v1/admin/dead-letters/redrive", "post", status)) << status;
    }
    for (const char* status : {"202", "400", "401", "403", "404", "409", "413", "415", "422", "429", "503"}) {
        EXPECT_TRUE(declares("/v1/admin/dead-letters/{number}/edit", "post", status)) << status;
    }
}

TEST_F(RoutesTest, GivenHealthAndMetrics_ThenTheyAnswerUnderAnyLoad) {
    for (const auto& route : service().router().routes()) {
        const bool probe = route.name == "isAlive" || route.name == "isReady" || route.name == "getMetrics";
        EXPECT_EQ(route.options.always_admitted, probe) << route.name;
        const bool file = route.name == "importProducts";
        EXPECT_LE(route.options.body_bytes.value(),
                  file ? contract::product_file_bytes_max : PlaceOrderHandler::judged_bytes_max)
            << route.name;
    }
}

}  // namespace
}  // namespace orderflow::api
