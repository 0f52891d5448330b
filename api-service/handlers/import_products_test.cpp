#include "api-service/handlers/import_products.hpp"

#include "api-service/api_fixture_test.hpp"
#include "libs/contract/operator_message.hpp"

namespace orderflow::api {
namespace {

using testing::HasSubstr;

class ImportProductsTest : public ApiTest {
  protected:
    net::Response import(const std::string& body, const std::string& type = "text/csv", const std::string& query = {}) {
        TestRequest request;
        request.method = net::Method::post;
        request.path = "/v1/admin/products/import";
        request.query = query;
        request.fields = {{"Content-Type", type}, {"Host", "127.0.0.1"}};
        request.body = body;
        return send(request);
    }
    std::vector<orders::OperatorCommand> commands_sent() {
        std::vector<orders::OperatorCommand> sent;
        for (const auto& message : loop.run(commands.receive(orders::ReceiveRequest())).value()) {
            sent.push_back(contract::decode_operator_message(message.body).value());
        }
        return sent;
    }
};

TEST_F(ImportProductsTest, GivenRowsThatBreakRules_ThenAllAreToldAndNothingIsSent) {
    const auto response = import("sku,name,price_EUR\nmug,,1\nlamp,Lamp,x\n");

    EXPECT_EQ(verdict(response), "422 validation-failed");
    EXPECT_THAT(response.body, HasSubstr(R"({"line":2,"column":"name","code":"required")"));
    EXPECT_THAT(response.body, HasSubstr(R"({"line":3,"column":"price_EUR","code":"wrong-type")"));
    EXPECT_THAT(response.body, testing::Not(HasSubstr("pointer")));
    EXPECT_TRUE(commands_sent().empty());
}

TEST_F(ImportProductsTest, GivenNoFileOfProducts_ThenItSaysWhy) {
    EXPECT_EQ(verdict(import("{}", "application/json")), "415 unsupported-media-type");
    EXPECT_EQ(verdict(import("")), "422 validation-failed");
    EXPECT_EQ(verdict(import("sku,name,price_EUR\nmug,Mug,1\n", "text/csv", "by=")), "400 malformed-request");
    config.admin_token = "operator-token-0123456789";
    service_.reset();
    EXPECT_EQ(verdict(import("sku,name,price_EUR\nmug,Mug,1\n")), "401 unauthorized");
    EXPECT_TRUE(commands_sent().empty());
}

TEST_F(ImportProductsTest, GivenADryRun_ThenEachLineIsJudgedAndNothingIsSent) {
    store_order(id);  // one mug is reserved
    const std::string file =
        "sku,name,category,on_hand,price_EUR\n"
        "vase,Vase,,3,900\n"
        "lamp,Lamp,,,x\n"
        "mug,Large mug,kitchen,0,1300\n";

    const auto response = import(file, "text/csv", "dry_run=true");

    EXPECT_EQ(response.status, 200U) << response.body;
    EXPECT_THAT(response.body, HasSubstr(R"("dry_run":true,"importable":false,"rows":3,"new":1,"changed":0,)"
                                         R"("unchanged":0,"refused":2)"));
    EXPECT_THAT(response.body, HasSubstr(R"({"line":2,"sku":"vase","result":"new"})"));
    EXPECT_THAT(response.body, HasSubstr(R"({"result":"refused","line":3,"column":"price_EUR","code":"wrong-type")"));
    EXPECT_THAT(response.body, HasSubstr(R"({"line":4,"sku":"mug","result":"refused","code":"stock.below_reserved")"));
    EXPECT_TRUE(commands_sent().empty());
    EXPECT_EQ(verdict(import(file, "text/csv", "dry_run=yes")), "400 malformed-request");
    EXPECT_EQ(verdict(import(file, "text/csv", "dryrun=true")), "400 malformed-request");
}

TEST_F(ImportProductsTest, GivenADryRunAndThenTheImport_ThenItDoesWhatTheDryRunSaid) {
    const std::string file = "sku,name,on_hand,price_EUR\nmug,Large mug,12,1300\nvase,Vase,,900\n";
    EXPECT_THAT(import(file, "text/csv", "dry_run=true").body,
                HasSubstr(R"("importable":true,"rows":2,"new":1,"changed":1,"unchanged":0,"refused":0)"));
    EXPECT_THAT(import(file, "text/csv", "dry_run=true").body, HasSubstr(R"("changes":["name")"));

    EXPECT_EQ(import(file).status, 202U);
    for (const auto& command : commands_sent()) (void)loop.run(store.operate(command));

    EXPECT_THAT(import(file, "text/csv", "dry_run=true").body,
                HasSubstr(R"("new":0,"changed":0,"unchanged":2,"refused":0,"lines":[])"));
}

TEST_F(ImportProductsTest, GivenAFile_ThenItIsACommandThatTheShopShowsAfterwards) {
    const auto response = import("sku,name,on_hand,price_EUR\nmug,Large mug,12,1300\nvase,Vase,,900\n", "text/csv",
                                 "by=kim&reason=autumn");

    EXPECT_EQ(response.status, 202U) << response.body;
    const auto sent = commands_sent();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent[0].by, "kim");
    EXPECT_EQ(sent[0].reason, "autumn");
    EXPECT_EQ(field(response, "Location"), "/v1/admin/audit/" + sent[0].id);
    EXPECT_THAT(response.body, HasSubstr(R"("rows":2,"parts":[{"id":")" + sent[0].id));
    (void)loop.run(store.operate(sent[0]));
    EXPECT_THAT(send(get("/v1/admin/audit/" + sent[0].id)).body, HasSubstr("1 added, 1 changed"));
    EXPECT_THAT(send(get("/v1/admin/stock")).body, HasSubstr(R"("sku":"vase","name":"Vase","on_hand":0)"));
}

}  // namespace
}  // namespace orderflow::api
