// Enhancements only: every page reads and every form is sent without this file.
"use strict";

document.addEventListener("click", (e) => {
  const cible = e.target.closest("[data-fermer], [data-copier], [data-montrer], [data-dialogue]");
  if (!cible) return;
  if (cible.hasAttribute("data-fermer")) cible.closest("[data-fermable]")?.remove();
  if (cible.dataset.dialogue) document.getElementById(cible.dataset.dialogue)?.showModal();
  if (cible.dataset.copier) copier(cible);
  if (cible.dataset.montrer) {
    const champ = document.getElementById(cible.dataset.montrer);
    const visible = champ.type === "text";
    champ.type = visible ? "password" : "text";
    cible.setAttribute("aria-pressed", String(!visible));
  }
});

async function copier(bouton) {
  const champ = document.getElementById(bouton.dataset.copier);
  champ.select();
  try {
    await navigator.clipboard.writeText(champ.value);
  } catch {
    document.execCommand("copy");
  }
  annoncer("Copié.");
}

function annoncer(texte) {
  const region = document.getElementById("annonces");
  if (!region) return;
  region.textContent = "";
  setTimeout(() => (region.textContent = texte), 50);
}

// Menus made of <details> close on Escape and on a click outside.
function fermerMenus(sauf) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== sauf) menu.open = false;
}
document.addEventListener("click", (e) => fermerMenus(e.target.closest("details.menu")));
document.addEventListener("keydown", (e) => {
  if (e.key !== "Escape") return;
  const menu = document.activeElement?.closest("details.menu[open]");
  fermerMenus();
  menu?.querySelector("summary").focus();
});

// « / » leads to the search, unless something is being typed, or the person turned the shortcut off.
function ecrit(cible) {
  return cible.isContentEditable || cible.closest?.("input:not([type=checkbox], [type=radio]), textarea, select");
}
document.addEventListener("keydown", (e) => {
  if (e.key !== "/" || e.ctrlKey || e.altKey || e.metaKey || e.isComposing || ecrit(e.target)) return;
  const rail = document.querySelector("[data-raccourci]");
  if (!rail || document.querySelector("dialog:modal")) return;
  e.preventDefault();
  const champ = document.querySelector("main [role=search] input[name=q]") ?? rail;
  const menu = champ.closest("[popover]");
  if (menu && !champ.checkVisibility()) menu.showPopover();
  champ.focus();
  champ.select();
});
// Results that come while typing are said aloud, once.
document.addEventListener("htmx:afterSwap", (e) => {
  if (e.target.hasAttribute("data-annonce")) annoncer(e.target.querySelector("[data-bilan], h2")?.textContent ?? "");
});

// A form sent twice would deposit twice.
document.addEventListener("submit", (e) => {
  const formulaire = e.target;
  if (formulaire.method !== "post" || e.defaultPrevented) return;
  if (formulaire.dataset.envoye) return e.preventDefault();
  formulaire.dataset.envoye = "1";
  (e.submitter ?? formulaire.querySelector("[type=submit]"))?.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const f of document.querySelectorAll("form[data-envoye]")) {
    delete f.dataset.envoye;
    f.querySelectorAll("[aria-busy]").forEach((b) => b.removeAttribute("aria-busy"));
  }
});

// Drop zones around a plain <input type="file">.
function poids(octets) {
  const f = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 1 });
  return octets < 1e6 ? `${f.format(octets / 1e3)} ko` : `${f.format(octets / 1e6)} Mo`;
}
function armer(zone) {
  if (zone.dataset.arme) return;
  zone.dataset.arme = "1";
  const champ = zone.querySelector("input[type=file]");
  const choisi = zone.querySelector(".choisi");
  const dire = () => {
    const fichiers = [...champ.files];
    choisi.textContent = fichiers.map((f) => `${f.name} (${poids(f.size)})`).join(", ");
  };
  let profondeur = 0;
  zone.addEventListener("dragenter", (e) => { e.preventDefault(); profondeur += 1; zone.classList.add("survole"); });
  zone.addEventListener("dragover", (e) => { e.preventDefault(); e.dataTransfer.dropEffect = "copy"; });
  zone.addEventListener("dragleave", () => { profondeur -= 1; if (profondeur <= 0) zone.classList.remove("survole"); });
  zone.addEventListener("drop", (e) => {
    e.preventDefault();
    profondeur = 0;
    zone.classList.remove("survole");
    if (!e.dataTransfer.files.length) return;
    const transfert = new DataTransfer();
    for (const f of champ.multiple ? e.dataTransfer.files : [e.dataTransfer.files[0]]) transfert.items.add(f);
    champ.files = transfert.files;
    champ.dispatchEvent(new Event("change", { bubbles: true }));
  });
  champ.addEventListener("change", dire);
  dire();
}
const armerTout = () => document.querySelectorAll(".depot").forEach(armer);
armerTout();
document.addEventListener("htmx:load", armerTout);

// The summary of errors takes the focus, so that it is read first.
document.querySelector("form .resume-erreurs")?.focus();
