package radedit.tools.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    /** Where requests and curl differ: a name includes names below it, but not names with the same suffix. */
    @ParameterizedTest
    @CsvSource({"example.com,example.com,true", "example.com,a.example.com,true", "example.com,notexample.com,false",
            ".example.com,a.example.com,true", ".example.com,example.com,true", "*.example.com,a.example.com,true",
            "*.example.com,example.com,true", "EXAMPLE.com,a.Example.COM,true", "example.com.,example.com,true",
            "example.com,example.com.,true", "a.example.com,example.com,false", "example.com:443,example.com,true",
            "example.com:8443,example.com,false", "*,anything,true", "x *,anything,true",
            "'a,b , example.com',example.com,true",
            "'',example.com,false", "com,example.com,true", "10.0.0.1,10.0.0.1,true", "10.0.0.1,10.0.0.10,false",
            "0.0.1,10.0.0.1,false", "10.0.0.0/8,10.255.3.4,true", "10.0.0.0/8,11.0.0.1,false",
            "192.168.1.128/25,192.168.1.200,true",
            "192.168.1.128/25,192.168.1.100,false", "10.0.0.0/33,10.0.0.0,false", "10.0.0.0/x,10.0.0.0,false",
            "0.0.0.0/0,8.8.8.8,true", "10.0.0.1:443,10.0.0.1,true", "10.0.0.1:80,10.0.0.1,false", "::1,[::1],true",
            "[::1],[::1],true", "[::1]:443,[::1],true", "[::1]:80,[::1],false", "fe80::/10,[fe80::1],true",
            "fe80::/10,[fd00::1],false", "2001:db8::/32,[2001:0db8:0:0::5],true", "10.0.0.0/8,example.com,false",
            "0:0:0:0:0:0:0:1,[::1],true", "%,example.com,false", "/8,example.com,false", ":443,example.com,false"})
    void hostsWithoutAProxy(String list, String host, boolean covered) {
        Network n = Network.of(Map.of("HTTPS_PROXY", "p:1", "NO_PROXY", list));
        assertEquals(!covered, n.describeProxy(URI.create("https://" + host + "/x")).isPresent());
    }

    @ParameterizedTest
    @CsvSource({"p,HTTP,p,80,,", "http://p,HTTP,p,80,,", "http://p:3128/,HTTP,p,3128,,",
            "HTTP://p:3128/x?y#z,HTTP,p,3128,,",
            "https://p,HTTPS,p,443,,", "socks5://p,SOCKS5,p,1080,,", "socks://p:7890/,SOCKS5H,p,7890,,",
            "socks4://p,SOCKS4,p,1080,,",
            "SOCKS4a://p,SOCKS4A,p,1080,,", "http://[::1]:3128,HTTP,::1,3128,,", "[fe80::1],HTTP,fe80::1,80,,",
            "http://u:p@h,HTTP,h,80,u,p", "u:p@h:1,HTTP,h,1,u,p", "http://u@h,HTTP,h,80,u,''",
            "http://u:a:b@h,HTTP,h,80,u,a:b",
            "http://u:a@b@h,HTTP,h,80,u,a@b", "http://u:a/b#c@h/x,HTTP,h,80,u,a/b#c",
            "http://%75:%zz%4@h,HTTP,h,80,u,%zz%4",
            "http://:p@h,HTTP,h,80,'',p", "http://h:,HTTP,h,80,,"})
    void variablesAreReadAsCurlDoes(String value, ProxyAddress.Kind kind, String host, int port, String user,
            String password) {
        ProxyAddress.Account account = user == null ? null : new ProxyAddress.Account(user, password);
        assertEquals(new ProxyAddress(kind, host, port, account), ProxyAddress.parse("X", value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://u:pa55@h", "http://u:pa55@", "http://u:pa55@h:99999", "http://u:pa55@h:x",
            "http://u:pa55@h h",
            "://u:pa55@h", "socks6://u:pa55@h", "http://u:pa55@[::1", "socks5://u%00:pa55@h", "http://h\u0000",
            "http:///", "//"})
    void oddVariablesAreNamedWithoutTheirValue(String value) {
        for (String variable : new String[]{"HTTPS_PROXY", "http_proxy", "ALL_PROXY"}) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                    () -> Network.of(Map.of(variable, value)));
            assertTrue(
                    e.getMessage().startsWith(variable.toUpperCase(java.util.Locale.ROOT) + " names no usable proxy"),
                    e.getMessage());
            assertFalse(e.getMessage().contains("pa55"), e.getMessage());
        }
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> ProxyAddress.parse("X", "socks5://u:" + "p".repeat(256) + "@h"));
        assertFalse(e.getMessage().contains("ppp"));
    }

    @Test
    void theVariableOfTheSchemeComesFirstAndLowerCaseBeforeUpper() {
        Network n = Network.of(Map.of("HTTPS_PROXY", "upper", "https_proxy", "lower", "ALL_PROXY", "all"));
        assertEquals("the proxy lower:80", n.describeProxy(URI.create("https://a/")).orElse(""));
        assertEquals("the proxy all:80", n.describeProxy(URI.create("http://a/")).orElse(""));
        n = Network.of(Map.of("HTTPS_PROXY", "upper", "https_proxy", ""));
        assertEquals("", n.describeProxy(URI.create("https://a/")).orElse(""));
        assertFalse(ProxyAddress.parse("X", "http://u:pa55@h").toString().contains("pa55"));
    }
}
