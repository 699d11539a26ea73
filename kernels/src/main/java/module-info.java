/** Runs graphs on a GPU through TornadoVM. */
module radedit.tornado {
    requires radedit.runtime;
    requires tornado.api;

    provides radedit.exec.BackendProvider with radedit.exec.tornado.TornadoProvider;
}
