#include "libs/aws/xml_document.hpp"

#include <gtest/gtest.h>

namespace orderflow::aws {
namespace {

std::string refusal(std::string_view text, XmlLimits limits = {}) {
    const auto read = read_xml(text, limits);
    return read ? "" : read.error().code();
}

TEST(XmlDocument, GivenWhatAnAnswerNeverHas_WhenRead_ThenItIsRefused) {
    for (const auto* text : {
             "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",  // a type, and entities of its own
             "<a>&x;</a>",
             "<a><!-- c --></a>",
             "<a><![CDATA[x]]></a>",
             "<a><?p x?></a>",
             "<a>x<b/></a>",  // text beside an element
             "<a>]]></a>",
         }) {
        EXPECT_EQ(refusal(text), "xml.malformed") << text;
    }
}

TEST(XmlDocument, GivenATextThatIsNoDocument_WhenRead_ThenItIsRefused) {
    for (const std::string_view text : {"",
                                        " ",
                                        "a",
                                        "<",
                                        "<a",
                                        "<a>",
                                        "<a></b>",
                                        "</a>",
                                        "<a/><b/>",
                                        "<a/>x",
                                        "<a b></a>",
                                        "<a b=c></a>",
                                        "<a b='c></a>",
                                        "<a b='<'></a>",
                                        "<a b='c'd='e'/>",
                                        "<a>&</a>",
                                        "<a>&amp</a>",
                                        "<a>&#0;</a>",
                                        "<a>&#x110000;</a>",
                                        "<a>&#xD800;</a>",
                                        "<a>&#;</a>",
                                        "<a>&#x;</a>",
                                        "<a>&#99999999999999999999;</a>",
                                        "<a>\x01</a>",
                                        "<a>\xff</a>",
                                        "< a/>",
                                        "<1/>",
                                        "<?xml version='1.0'>",
                                        "<?xml?><?xml?><a/>",
                                        "<a><b></a></b>"}) {
        EXPECT_EQ(refusal(text), "xml.malformed") << text;
    }
}

TEST(XmlDocument, GivenMoreThanItsLimits_WhenRead_ThenItIsTooLarge) {
    EXPECT_EQ(refusal("<a>bcd</a>", {.bytes = 9}), "xml.too_large");
    EXPECT_EQ(refusal("<a><b/><b/></a>", {.elements = 2}), "xml.too_large");
    EXPECT_EQ(refusal("<a><b><c/></b></a>", {.depth = 2}), "xml.too_large");
    EXPECT_EQ(refusal("<a><b><c/></b></a>", {.bytes = 18, .elements = 3, .depth = 3}), "");
}

TEST(XmlDocument, GivenAnAnswer_WhenRead_ThenItsElementsAndTheirTextAreThere) {
    const auto root = read_xml(
        "<?xml version=\"1.0\" encoding='UTF-8'?>\n"
        "<r xmlns=\"urn:x\">\n  <list>\n <m><id>1</id></m> <m/>\n</list> <empty></empty></r >\n");
    ASSERT_TRUE(root) << root.error().code() << " " << root.error().detail();
    EXPECT_EQ(root->name, "r");
    ASSERT_NE(root->find("list"), nullptr);
    EXPECT_EQ(root->find("list")->children.size(), 2U);
    EXPECT_EQ(root->find("list")->children[0].text_of("id"), "1");
    EXPECT_EQ(root->text_of("empty"), "");
    EXPECT_EQ(root->find("other"), nullptr);
    EXPECT_EQ(root->text_of("other"), "");
}

TEST(XmlDocument, GivenReferences_WhenRead_ThenTheyAreWhatTheyMean) {
    EXPECT_EQ(read_xml("<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x42;&#xe4;&#x20AC;&#x1F4E6;</a>").value().text,
              "<>&\"'AB\xc3\xa4\xe2\x82\xac\xf0\x9f\x93\xa6");
    EXPECT_EQ(read_xml("<a>&amp;lt;</a>").value().text, "&lt;") << "once";
}

}  // namespace
}  // namespace orderflow::aws
