// The agenda moved by hand or by keyboard without reloading: without this file, the same buttons ask the server.
"use strict";

for (const formulaire of document.querySelectorAll("[data-ordre-du-jour]")) {
  const liste = formulaire.querySelector(".points");
  const bilan = formulaire.querySelector("[data-bilan]");
  const points = () => [...liste.querySelectorAll("[data-point]")];
  const [h, m] = (formulaire.dataset.debut || "").split(":").map(Number);
  const depart = Number.isFinite(h) && formulaire.dataset.debut ? h * 60 + m : null;
  const prevue = Number(formulaire.dataset.prevue);
  const fine = "\u00a0";
  const heure = (t) => {
    const minutes = t % 60;
    return `${Math.floor(t / 60) % 24}${fine}h${minutes ? fine + String(minutes).padStart(2, "0") : ""}`;
  };
  const duree = (t) => (t < 60 ? `${t}${fine}min` : heure(t).trim());

  function renumeroter() {
    let total = 0;
    points().forEach((point, i) => {
      point.querySelector("[data-horaire]").textContent = depart === null ? "" : heure(depart + total);
      total += Number(point.querySelector("[data-duree]").value) || 0;
      point.querySelector(".titre label").textContent = `Point ${i + 1}`;
      for (const bouton of point.querySelectorAll("button[name=geste]")) {
        bouton.value = bouton.value.replace(/:.*/, `:${i}`);
        bouton.querySelector(".visuellement-cache").textContent = ` le point ${i + 1}`;
      }
    });
    const nombre = points().length;
    const fin = depart === null ? "" : `, fin vers ${heure(depart + total)}`;
    const trop = total > prevue ? `. ${total - prevue}${fine}min de trop.` : "";
    bilan.textContent = `${nombre}${fine}point${nombre > 1 ? "s" : ""}, ${duree(total)} sur ${duree(prevue)}${fin}${trop}`;
  }

  function deplacer(point, avant, bouton) {
    if (avant === undefined) return;
    liste.insertBefore(point, avant);
    renumeroter();
    const rang = points().indexOf(point) + 1;
    bouton?.focus();
    annoncer(`« ${point.querySelector("[name=titre]").value || "Point sans titre"} » est le point ${rang}. Pas encore enregistré.`);
  }

  formulaire.addEventListener("click", (e) => {
    const bouton = e.target.closest("[data-monter], [data-descendre]");
    if (!bouton) return;
    e.preventDefault();
    const point = bouton.closest("[data-point]");
    if (bouton.hasAttribute("data-monter")) deplacer(point, point.previousElementSibling ?? undefined, bouton);
    else if (point.nextElementSibling) deplacer(point, point.nextElementSibling.nextElementSibling, bouton);
  });
  formulaire.addEventListener("keydown", (e) => {
    if (!e.altKey || !["ArrowUp", "ArrowDown"].includes(e.key)) return;
    const point = e.target.closest("[data-point]");
    if (!point) return;
    e.preventDefault();
    if (e.key === "ArrowUp") deplacer(point, point.previousElementSibling ?? undefined, e.target);
    else if (point.nextElementSibling) deplacer(point, point.nextElementSibling.nextElementSibling, e.target);
  });
  formulaire.addEventListener("input", (e) => e.target.matches("[data-duree]") && renumeroter());

  // Pointer events rather than HTML drag: a finger drags too.
  liste.classList.add("arme");
  let saisi = null;
  liste.addEventListener("pointerdown", (e) => {
    const poignee = e.target.closest("[data-poignee]");
    if (!poignee) return;
    e.preventDefault();
    saisi = poignee.closest("[data-point]");
    saisi.classList.add("saisi");
    liste.setPointerCapture(e.pointerId);
  });
  liste.addEventListener("pointermove", (e) => {
    if (!saisi) return;
    const avant = points().find((p) => p !== saisi && e.clientY < p.getBoundingClientRect().top + p.offsetHeight / 2);
    if ((avant ?? null) !== saisi.nextElementSibling) liste.insertBefore(saisi, avant ?? null);
  });
  const lacher = () => {
    if (!saisi) return;
    const point = saisi;
    saisi = null;
    point.classList.remove("saisi");
    deplacer(point, point.nextElementSibling);
  };
  liste.addEventListener("pointerup", lacher);
  liste.addEventListener("pointercancel", lacher);
}
