#include "libs/net/proxy_settings.hpp"

#include <gtest/gtest.h>

namespace orderflow::net {
namespace {

// "host:port" of the proxy, or "direct".
std::string way_of(const std::string& url, const Environment& environment) {
    const auto settings = ProxySettings::from(environment).value();
    const auto proxy = proxy_for(Url::parse(url).value(), settings);
    return proxy ? proxy->authority() : "direct";
}

TEST(ProxySettings, GivenAProxyThatIsNotSpokenToInPlainHttp_WhenRead_ThenItIsRefused) {
    for (const auto* value : {"https://p:1", "socks5://p:1080"}) {
        const auto settings = ProxySettings::from({{"https_proxy", value}});
        ASSERT_FALSE(settings) << value;
        EXPECT_EQ(settings.error().code(), "proxy.unsupported");
    }
}

TEST(ProxySettings, GivenAMalformedProxy_WhenRead_ThenTheErrorDoesNotRepeatItsPassword) {
    const auto settings = ProxySettings::from({{"http_proxy", "http://me:secret@pro xy"}});
    ASSERT_FALSE(settings);
    EXPECT_EQ(settings.error().code(), "url.malformed");
    EXPECT_FALSE(settings.error().detail().contains("secret"));
}

TEST(ProxySettings, GivenNoVariables_ThenEveryRequestIsDirect) {
    EXPECT_EQ(way_of("http://example.com", {}), "direct");
    EXPECT_EQ(way_of("https://example.com", {{"HTTPS_PROXY", ""}}), "direct");
}

TEST(ProxySettings, GivenProxiesOfBothSchemes_ThenEachSchemeHasItsOwn) {
    const Environment both = {{"http_proxy", "http://a:3128"}, {"HTTPS_PROXY", "b:8080"}};
    EXPECT_EQ(way_of("http://example.com", both), "a:3128");
    EXPECT_EQ(way_of("https://example.com", both), "b:8080");
}

TEST(ProxySettings, GivenBothSpellings_ThenTheSmallOneWins) {
    const Environment both = {{"https_proxy", "http://small:1"}, {"HTTPS_PROXY", "http://capital:1"}};
    EXPECT_EQ(way_of("https://example.com", both), "small:1");
}

TEST(ProxySettings, GivenACgiProgram_ThenHttpProxyInCapitalsDoesNotCount) {
    EXPECT_EQ(way_of("http://x.example", {{"HTTP_PROXY", "http://p:1"}}), "p:1");
    EXPECT_EQ(way_of("http://x.example", {{"HTTP_PROXY", "http://p:1"}, {"REQUEST_METHOD", "GET"}}), "direct");
}

TEST(ProxySettings, GivenTheMachineItself_ThenNoProxyIsAsked) {
    const Environment all = {{"http_proxy", "http://p:1"}};
    for (const auto* url : {"http://localhost:9324", "http://127.0.0.1", "http://127.8.8.8", "http://[::1]:1",
                            "http://169.254.169.254/latest", "http://169.254.170.2/v2", "http://[fe80::1]"}) {
        EXPECT_EQ(way_of(url, all), "direct") << url;
    }
    EXPECT_EQ(way_of("http://169.255.0.1", all), "p:1");
}

TEST(ProxySettings, GivenExceptions_ThenOnlyTheirHostsAreDirect) {
    const Environment some = {
        {"http_proxy", "http://p:1"},
        {"NO_PROXY", " Example.com , .internal,10.0.0.0/8,192.0.2.7,other.org:8080,2001:db8::/32"}};
    for (const auto* url : {"http://example.com", "http://www.EXAMPLE.com", "http://a.internal", "http://internal",
                            "http://10.200.3.4", "http://192.0.2.7", "http://other.org:8080", "http://[2001:db8::9]"}) {
        EXPECT_EQ(way_of(url, some), "direct") << url;
    }
    for (const auto* url :
         {"http://notexample.com", "http://example.com.evil.org", "http://11.0.0.1", "http://192.0.2.70",
          "http://other.org", "http://[2001:db9::9]", "http://192.0.2.7.nip.io"}) {
        EXPECT_EQ(way_of(url, some), "p:1") << url;
    }
    EXPECT_EQ(way_of("http://anything", {{"http_proxy", "http://p:1"}, {"no_proxy", "*"}}), "direct");
}

TEST(ProxyAuthorization, GivenUserInformation_ThenItIsDecodedOnceAndSentAsBasic) {
    EXPECT_EQ(proxy_authorization(Url::parse("http://p:1").value()), std::nullopt);
    // RFC 7617, section 2: the user "Aladdin" with the password "open sesame".
    EXPECT_EQ(proxy_authorization(Url::parse("http://Aladdin:open%20sesame@p:1").value()),
              "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    EXPECT_EQ(proxy_authorization(Url::parse("http://a:b@p").value()), "Basic YTpi");
    EXPECT_EQ(proxy_authorization(Url::parse("http://a:%@p").value()), "Basic YTol");
    EXPECT_EQ(proxy_authorization(Url::parse("http://a@p").value()), "Basic YQ==");
}

}  // namespace
}  // namespace orderflow::net
